{#
    Deploys the changed query of a dynamic table. dbt's Snowflake adapter compares a dynamic table's settings only, so that
    without --full-refresh another SELECT would never arrive in the account. This takes the place of the adapter's macro of
    the same name:

    - The query that the account shows is another one: the table is replaced, which is atomic. The old one stays where the
      new query is refused, and its grants are kept (copy_grants).
    - It is the same: the adapter's own macro alters what its settings ask for, if anything.
#}
{% macro dynamic_table_get_build_sql(existing_relation, target_relation) %}
    {% if existing_relation is not none and existing_relation.is_dynamic_table and not should_full_refresh() %}
        {% set shown = adapter.describe_dynamic_table(existing_relation)['dynamic_table'] %}
        {% if not is_definition(shown.rows[0]['text'], sql) %}
            {{ log('Rebuilding ' ~ target_relation ~ ': its query has changed', info=true) }}
            {{ return(get_replace_sql(existing_relation, target_relation, sql)) }}
        {% endif %}
        {% if var('refresh_first', 'false') | string | lower == 'true' %}
            {# The stack wants it to follow its data, whoever suspended it. #}
            {% do run_query('alter dynamic table ' ~ existing_relation ~ ' resume') %}
        {% endif %}
        {% if refreshes_first(model) %}
            {% do refresh_dynamic_table(existing_relation) %}
        {% endif %}
    {% endif %}
    {{ return(dbt.dynamic_table_get_build_sql(existing_relation, target_relation)) }}
{% endmacro %}


{#
    Whether a statement CREATE DYNAMIC TABLE, as the account shows it, has exactly this query. dbt writes `as (query)`, and
    a comment of its own behind. A query that begins later, inside of the shown one, would have one bracket too many, so the
    end is enough to compare.
#}
{% macro is_definition(text, query) %}
    {% set text = text.strip().rstrip(';').rstrip() %}
    {% set statement = (text[:text.rfind('/*')] if text.endswith('*/') else text).rstrip().rstrip(';').rstrip() %}
    {% set body = statement[:-1].rstrip() %}
    {% set heading = body[:body | length - query.strip() | length].rstrip() %}
    {{ return(
        statement.endswith(')') and body.endswith(query.strip())
        and heading.endswith('(') and heading[:-1].rstrip().lower().endswith('as')
    ) }}
{% endmacro %}
