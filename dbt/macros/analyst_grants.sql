{#
    The `grants` of a model for analysts. An empty WORKSHOP_ANALYST_ROLE stands for an account without that role.
#}
{% macro analyst_grants() %}
    {% set role = env_var('WORKSHOP_ANALYST_ROLE', 'ANALYST') | trim %}
    {{ return({'select': [role] if role else []}) }}
{% endmacro %}
