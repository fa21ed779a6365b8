{#
    Brings the dynamic tables that follow others (target lag DOWNSTREAM) up to date in a run, where they exist.

    dbt leaves a dynamic table alone whose settings did not change, so tests and plain tables of a run read it as of its
    last refresh. Right after a load that is too old. It acts in `dbt build`, `dbt run` and `dbt test` when the variable
    refresh_first is 'true'; the stack sets it. A table that the run builds is refreshed when its turn comes
    (dynamic_table_get_build_sql), and not where its query is replaced: the old one may fail on the data of today. All
    others are refreshed at the start.
#}
{% macro refresh_staging() %}
    {% if execute and flags.WHICH in ('build', 'run', 'test') %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and refreshes_first(node) %}
            {% if flags.WHICH == 'test' or node.unique_id not in selected_resources %}
                {% set relation = adapter.get_relation(node.database, node.schema, node.alias) %}
                {% if relation is not none and relation.is_dynamic_table %}
                    {% do refresh_dynamic_table(relation) %}
                {% endif %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{# Whether a model's dynamic table is to be refreshed by this run. #}
{% macro refreshes_first(node) %}
    {{ return(
        var('refresh_first', 'false') | string | lower == 'true'
        and node.config.materialized == 'dynamic_table' and node.config.target_lag == 'DOWNSTREAM'
    ) }}
{% endmacro %}


{% macro refresh_dynamic_table(relation) %}
    {{ log('Refreshing ' ~ relation, info=true) }}
    {% do run_query('alter dynamic table ' ~ relation ~ ' refresh') %}
{% endmacro %}
