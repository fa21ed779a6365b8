{#
    Replaces the view stg_test_failures by one row for each data test of this run, counted anew whenever the view is read.
    So the view shows the tests' state after every refresh of a dynamic table, without another dbt run.

    It acts at the end of `dbt build` and `dbt test` when the variable persist_tests is 'true':

        dbt build --vars '{"persist_tests": "true"}'

    A run that executed no test leaves the view alone. A test is left out when each model it reads is a plain table: such
    a table changes only when dbt runs, and dbt reports its failures then.

    Columns: test_name; count_failed; error_state 'ERROR' or null; warning_state 'WARNING' or null, by the test's
    severity, error_if and warn_if; tested_models, an array of model names.
#}
{% macro create_test_failure_view(results) %}
    {% if execute and flags.WHICH in ('build', 'test') and var('persist_tests') | string | lower == 'true' %}
        {% set placeholder = test_failure_view_node() %}
        {% set tests = live_tests(results) %}
        {% if tests %}
            {{ log('Keeping ' ~ tests | length ~ ' data test(s) alive in ' ~ placeholder.relation_name, info=true) }}
            create or replace view {{ placeholder.relation_name }} (
                {%- for name, column in placeholder.columns.items() %}
                {{ adapter.quote(name | upper) }} comment $${{ column.description | trim }}$${{ ',' if not loop.last }}
                {%- endfor %}
            ) copy grants comment = $${{ placeholder.description | trim }}$$ as
            {% for test in tests %}
            {{ test_failure_query(test) }}
            {{ 'union all' if not loop.last }}
            {% endfor %}
        {% endif %}
    {% endif %}
{% endmacro %}


{# The node of the model whose relation the view takes over. #}
{% macro test_failure_view_node() %}
    {% set unique_id = 'model.' ~ project_name ~ '.stg_test_failures' %}
    {% if unique_id not in graph.nodes %}
        {{ exceptions.raise_compiler_error("persist_tests needs the model stg_test_failures, which is missing or disabled") }}
    {% endif %}
    {{ return(graph.nodes[unique_id]) }}
{% endmacro %}


{# The data tests of a run that were compiled and read at least one model that is more than a plain table. #}
{% macro live_tests(results) %}
    {% set tests = [] %}
    {% for result in results if result.node.resource_type == 'test' and result.node.compiled_code %}
        {% set materializations = tested_models(result.node) | map(attribute='config.materialized') | list %}
        {% if materializations | reject('equalto', 'table') | list %}
            {% do tests.append(result.node) %}
        {% endif %}
    {% endfor %}
    {{ return(tests) }}
{% endmacro %}


{# The models that a test reads directly. #}
{% macro tested_models(test) %}
    {% set models = [] %}
    {% for unique_id in test.depends_on.nodes if unique_id.startswith('model.') %}
        {% do models.append(graph.nodes[unique_id]) %}
    {% endfor %}
    {{ return(models) }}
{% endmacro %}


{# One row for one test. The failures are counted once. #}
{% macro test_failure_query(test) %}
    {% set severity = test.config.severity | upper %}
    {% set models = tested_models(test) | map(attribute='alias') | list %}
    select
        '{{ test.name | replace("'", "''") }}' as test_name,
        failures.count_failed,
        {% if severity == 'ERROR' -%}
        case when failures.count_failed {{ test.config.error_if }} then 'ERROR' end as error_state,
        {%- else -%}
        cast(null as varchar) as error_state,
        {%- endif %}
        case when failures.count_failed {{ test.config.warn_if }} then 'WARNING' end as warning_state,
        parse_json('{{ tojson(models) }}') as tested_models
    from (
        select {{ test.config.fail_calc }} as count_failed
        from (
            {{ test.compiled_code | trim | trim(';') }}
        ) as failing_rows
    ) as failures
{% endmacro %}
