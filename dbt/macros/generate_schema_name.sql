{#
    The schema of a model, seed or stored test failure. In development everything goes to the developer's own schema;
    elsewhere each layer has the schema that dbt_project.yml names, as it stands there.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none or target.name == 'dev' -%}
        {{ target.schema }}
    {%- else -%}
        {{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
