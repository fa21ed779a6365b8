{#
    Brings the dynamic tables that follow others (target lag DOWNSTREAM) up to date before a run, where they exist.

    dbt leaves a dynamic table alone whose settings did not change, so tests and plain tables of a run read it as of its
    last refresh. Right after a load that is too old. It acts at the start of `dbt build`, `dbt run` and `dbt test` when the
    variable refresh_first is 'true'; the stack sets it.
#}
{% macro refresh_staging() %}
    {% if execute and flags.WHICH in ('build', 'run', 'test') and var('refresh_first') | string | lower == 'true' %}
        {% for node in graph.nodes.values() if node.resource_type == 'model'
            and node.config.materialized == 'dynamic_table' and node.config.target_lag == 'DOWNSTREAM' %}
            {% set relation = adapter.get_relation(node.database, node.schema, node.alias) %}
            {% if relation is not none and relation.is_dynamic_table %}
                {{ log('Refreshing ' ~ relation, info=true) }}
                {% do run_query('alter dynamic table ' ~ relation ~ ' refresh') %}
            {% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
