import { raiseSql } from "../raise";
import { MAX_ELEMENTS } from "./arrays";
import { PLAIN_DIGITS, TAG_MARK, TAGS, type TaggedType, UNDEFINED_ELEMENT } from "./tags";

const letters = (Object.keys(TAGS) as TaggedType[]).map((type) => `WHEN '${TAGS[type]}' THEN '${type}'`).join(" ");

/** Helper macros of stored VARIANTs (see tags.ts), in order; `j` is one, `l` a list of them, NULL for undefined. */
export const variantMacros: readonly string[] = [
  `variant_tag(letter, x) AS CAST('"${TAG_MARK}' || letter || x || '"' AS JSON)`,
  // The type that TYPEOF names.
  `type_of(j) AS CASE WHEN j IS NULL THEN NULL ELSE CASE left(CAST(j AS VARCHAR), 1)
     WHEN '{' THEN 'OBJECT' WHEN '[' THEN 'ARRAY' WHEN 't' THEN 'BOOLEAN' WHEN 'f' THEN 'BOOLEAN' WHEN 'n' THEN 'NULL_VALUE'
     WHEN '"' THEN CASE WHEN starts_with(CAST(j AS VARCHAR), '"${TAG_MARK}')
       THEN CASE substr(CAST(j AS VARCHAR), 3, 1) ${letters} END ELSE 'VARCHAR' END
     ELSE CASE WHEN contains(CAST(j AS VARCHAR), '.') THEN 'DECIMAL' ELSE 'INTEGER' END END END`,
  // A scalar's text without quotes, as casts read it; NULL for JSON's null.
  `json_raw(j) AS CASE WHEN CAST(j AS VARCHAR) = 'null' THEN NULL
     WHEN starts_with(CAST(j AS VARCHAR), '"${TAG_MARK}') THEN substr(CAST(j AS VARCHAR), 4, length(CAST(j AS VARCHAR)) - 4)
     ELSE j ->> '$' END`,
  // The text as TO_VARCHAR gives it; NULL for JSON's null.
  `json_text(j) AS CASE WHEN CAST(j AS VARCHAR) = 'null' THEN NULL
     WHEN contains(CAST(j AS VARCHAR), '${TAG_MARK}') THEN host_variant_plain(CAST(j AS VARCHAR)) ELSE j ->> '$' END`,
  // The whole value as JSON text.
  `variant_text(j) AS CASE WHEN contains(CAST(j AS VARCHAR), '${TAG_MARK}')
     THEN host_variant_text(CAST(j AS VARCHAR)) ELSE CAST(j AS VARCHAR) END`,
  // Compares as the value does; see sortKey.ts.
  `variant_key(j) AS CASE
     WHEN starts_with(CAST(j AS VARCHAR), '"') AND NOT starts_with(CAST(j AS VARCHAR), '"${TAG_MARK}')
     THEN '1' || substr(CAST(j AS VARCHAR), 2, length(CAST(j AS VARCHAR)) - 2)
     ELSE host_variant_key(CAST(j AS VARCHAR)) END`,
  `json_double(x) AS fn.variant_tag('${TAGS.DOUBLE}', fn.double_to_text(x))`,
  // Trailing zeros of the scale are no part of the value; a JSON reader keeps no more than ${PLAIN_DIGITS} digits.
  `json_fixed(x) AS CASE WHEN contains(x, '.') AND length(x) > ${PLAIN_DIGITS + 1}
     THEN fn.variant_tag('${TAGS.DECIMAL}', x) ELSE CAST(x AS JSON) END`,
  "json_decimal(x) AS fn.json_fixed(CASE WHEN contains(x, '.') THEN rtrim(rtrim(x, '0'), '.') ELSE x END)",

  `json_defined(j) AS CASE WHEN CAST(j AS VARCHAR) = '${UNDEFINED_ELEMENT}' THEN NULL ELSE j END`,
  // One key of an object, or of nothing else. A quoted path: keys may hold any character.
  // In a path `*` is any key, quoted or not: a key with one goes by a JSON pointer, which knows no patterns.
  `json_key(j, k) AS json_extract(j, CASE WHEN k = '' OR contains(k, '*') THEN '/' || replace(replace(k, '~', '~0'), '/', '~1')
     ELSE '$."' || replace(replace(k, '\\', '\\\\'), '"', '\\"') || '"' END)`,
  // Of keys that differ in case alone the first.
  "json_key_of_any_case(j, k) AS fn.json_key(j, list_filter(json_keys(j), lambda e: lower(e) = lower(k))[1])",
  `json_index(j, i) AS fn.json_defined(json_extract(j,
     '$[' || CASE WHEN i >= 0 THEN CAST(CAST(i AS BIGINT) AS VARCHAR) END || ']'))`,
  // Elements with undefined as it is stored.
  "json_elements(j) AS CAST(json_extract(j, '$[*]') AS JSON[])",
  "json_list(j) AS list_transform(fn.json_elements(j), lambda e: fn.json_defined(e))",
  `list_json(l) AS CAST('[' || array_to_string(list_transform(l,
     lambda e: coalesce(CAST(e AS VARCHAR), '${UNDEFINED_ELEMENT}')), ',') || ']' AS JSON)`,
  "element_texts(j) AS list_transform(fn.json_elements(j), lambda e: CAST(e AS VARCHAR))",
  "element_keys(j) AS list_transform(fn.json_elements(j), lambda e: fn.variant_key(e))",
  `element_text(j) AS coalesce(CAST(j AS VARCHAR), '${UNDEFINED_ELEMENT}')`,
  "element_key(j) AS fn.variant_key(CAST(fn.element_text(j) AS JSON))",
  `range_end(a, b, step) AS CASE WHEN step = 0 OR abs(b - a) / abs(step) > ${MAX_ELEMENTS} THEN a ELSE b END`,
  `number_range(a, b, step) AS CASE WHEN step = 0
     THEN ${raiseSql("100316", "22023", "'Step must not be 0 in ARRAY_GENERATE_RANGE'")}
     WHEN fn.range_end(a, b, step) <> b THEN ${raiseSql("100082", "22000", "'The range of ARRAY_GENERATE_RANGE is too large'")}
     ELSE CAST(to_json(range(CAST(a AS BIGINT), CAST(fn.range_end(a, b, step) AS BIGINT),
       CAST(CASE WHEN step = 0 THEN 1 ELSE step END AS BIGINT))) AS JSON) END`,

  // Members of objects: their texts, put together in the order of their keys.
  // NULL where a part is: the member is left out.
  "member(k, v) AS CAST(to_json(k) AS VARCHAR) || ':' || CAST(v AS VARCHAR)",
  "member_or_null(k, v) AS CAST(to_json(k) AS VARCHAR) || ':' || coalesce(CAST(v AS VARCHAR), 'null')",
  "object_of(l) AS CAST('{' || array_to_string(list_filter(l, lambda e: e IS NOT NULL), ',') || '}' AS JSON)",
  // The same of members in any order, whose keys must differ.
  "object_sorted(l) AS CAST(host_object(array_to_string(list_filter(l, lambda e: e IS NOT NULL), ',')) AS JSON)",

  // One struct for each element: what FLATTEN yields.
  `path_key(p, k) AS CASE WHEN regexp_full_match(k, '[A-Za-z_][A-Za-z0-9_]*')
     THEN p || CASE WHEN p = '' THEN '' ELSE '.' END || k ELSE p || '[''' || k || ''']' END`,
  `flatten_list(j, p, mode) AS CASE
     WHEN left(CAST(j AS VARCHAR), 1) = '[' AND mode <> 'OBJECT' THEN list_transform(fn.json_list(j), lambda v, i:
       {'key': CAST(NULL AS VARCHAR), 'path': p || '[' || CAST(i - 1 AS VARCHAR) || ']', 'idx': CAST(i - 1 AS BIGINT), 'val': v})
     WHEN left(CAST(j AS VARCHAR), 1) = '{' AND mode <> 'ARRAY' THEN list_transform(json_keys(j), lambda k:
       {'key': k, 'path': fn.path_key(p, k), 'idx': CAST(NULL AS BIGINT), 'val': CAST(fn.json_key(j, k) AS JSON)})
     ELSE [] END`,
  `or_one(l, p) AS CASE WHEN l IS NULL OR len(l) = 0
     THEN [{'key': CAST(NULL AS VARCHAR), 'path': p, 'idx': CAST(NULL AS BIGINT), 'val': CAST(NULL AS JSON)}] ELSE l END`,
  // Elements of elements, down to a hundred levels: ord, the positions on the way down, puts parents before children.
  `flatten_children(e, mode) AS list_transform(fn.flatten_list(e.val, e.path, mode), lambda c, i:
     {'ord': list_append(e.ord, i), 'key': c.key, 'path': c.path, 'idx': c.idx, 'val': c.val, 'this': e.val})`,
  `flatten_levels(root, mode) AS list_transform([fn.flatten_children(root, mode)], lambda first: list_reduce(
     list_prepend({'all': first[1:0], 'last': first}, list_transform(range(100), lambda i: {'all': first[1:0], 'last': first[1:0]})),
     lambda found, level: {'all': list_concat(found.all, found.last),
       'last': flatten(list_transform(found.last, lambda e: fn.flatten_children(e, mode)))}))[1]`,
  `flatten_tree(j, p, mode) AS list_sort(list_transform([fn.flatten_levels({'ord': CAST([] AS BIGINT[]), 'key': CAST(NULL AS VARCHAR),
     'path': p, 'idx': CAST(NULL AS BIGINT), 'val': j, 'this': CAST(NULL AS JSON)}, mode)], lambda found:
     CASE WHEN len(found.last) > 0 THEN ${raiseSql("000002", "0A000", "'Unsupported feature ''FLATTEN RECURSIVE of more than 100 levels''.'")}
     ELSE found.all END)[1])`,
  `tree_or_one(l, p) AS CASE WHEN l IS NULL OR len(l) = 0
     THEN [{'ord': CAST(NULL AS BIGINT[]), 'key': CAST(NULL AS VARCHAR), 'path': p, 'idx': CAST(NULL AS BIGINT),
       'val': CAST(NULL AS JSON), 'this': CAST(NULL AS JSON)}] ELSE l END`,
];
