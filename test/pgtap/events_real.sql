-- Madrid's agenda of events, and people in cities near and far: each one's best event, against the oracle.
--
--     psql -X -q -v data=/absolute/path/of/the/data -f test/pgtap/events_real.sql
--
-- What the agenda does not say is unknown (NULL), never 0: a missing hour is not midnight, a missing price is not free.

\ir ../oracle/tap.sql
\set present `test -r :'data'/events/madrid/300107-agenda-2025-02.csv -a -r :'data'/cities/cities15000.tsv && echo yes || echo no`
\if :present
\else
    \echo '1..0 # SKIP the events and cities are not there (-v data=DIRECTORY names their directory)'
    \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL max_parallel_workers_per_gather = 0;
\ir ../oracle/check.sql
\ir ../oracle/events.sql

SELECT plan(35);

CREATE TEMP TABLE agenda (
    id text, titulo text, precio text, gratuito text, larga_duracion text, dias_semana text, dias_excluidos text,
    fecha text, fecha_fin text, hora text, descripcion text, content_url text, titulo_actividad text, url_actividad text,
    url_instalacion text, nombre_instalacion text, accesibilidad text, clase_vial text, nombre_via text, num text,
    distrito text, barrio text, codigo_postal text, coordenada_x text, coordenada_y text, latitud text, longitud text,
    tipo text, audiencia text);
CREATE TEMP TABLE cities (
    geonameid int, name text, country text, admin text, feature text, population bigint, lat float8, lon float8);

-- The agenda ends with an empty line, which COPY would take for a row.
\set load '\\copy agenda FROM PROGRAM ''sed "/^$/d" "' :data '/events/madrid/300107-agenda-2025-02.csv"'' WITH (FORMAT csv, DELIMITER '';'', HEADER, ENCODING ''LATIN1'')'
:load
\set file :data /cities/cities15000.tsv
\set load '\\copy cities FROM ' :'file' ' WITH (FORMAT csv, DELIMITER E''\\t'', QUOTE E''\\b'', HEADER, ENCODING ''UTF8'')'
:load

-- A price is known where the whole text is one amount, or says outright that entry is free, or where there is no text
-- and the agenda's own mark says free. Ranges, lowest prices, fees on top and conditions are not a price.
CREATE TEMP TABLE priced AS
SELECT *, CASE WHEN said = '' AND gratuito = '1' THEN 'marked free'
               WHEN said = '' THEN 'nothing said'
               WHEN said ~ '^((entrada|acceso) (libre|gratuita)|(actividad(es)? )?gratuit[oa]s?)\M' THEN 'said to be free'
               WHEN said ~ '^\d+([.,]\d{1,2})? euros?\.?$' AND gratuito = '0' THEN 'one amount'
               ELSE 'not understood' END AS how
FROM (SELECT *, lower(btrim(regexp_replace(coalesce(precio, ''), '[[:space:]' || U&'\00A0' || ']+', ' ', 'g'))) AS said FROM agenda) s;

CREATE TEMP TABLE events AS
SELECT *, event_facts(latitude, longitude, price, NULL, starts_at) AS facts,
       jsonb_strip_nulls(jsonb_build_object('latitude', latitude, 'longitude', longitude, 'price', price,
                                            'starts_at', to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'))) AS doc
FROM (SELECT id, titulo, how,
             CASE WHEN how IN ('marked free', 'said to be free') THEN 0
                  WHEN how = 'one amount' THEN replace(substring(said FROM '^[\d.,]+'), ',', '.')::float8 END AS price,
             nullif(latitud, '')::float8 AS latitude, nullif(longitud, '')::float8 AS longitude,
             (left(fecha, 10) || ' ' || nullif(hora, ''))::timestamp AT TIME ZONE 'Europe/Madrid' AS starts_at
      FROM priced) s;

-- What was loaded, and what is unknown --------------------------------------------------------------------------------

SELECT is((SELECT count(*) FROM events), 1149::bigint, 'events');
SELECT is((SELECT count(*) FROM cities), 24323::bigint, 'cities');
SELECT is((SELECT count(*) FROM events WHERE titulo LIKE '%ó%'), 224::bigint, 'titles came over from Latin-1');
SELECT is((SELECT titulo FROM events WHERE id = '12677513'), '25º aniversario de la revista La Fragua', 'one of them to the letter');
SELECT is((SELECT count(*) FROM events WHERE starts_at IS NULL), 214::bigint, 'events without an hour: their start is unknown');
SELECT is((SELECT count(*) FROM events WHERE (starts_at AT TIME ZONE 'Europe/Madrid')::time = '00:00'), 7::bigint, 'events at midnight, as published');
SELECT is((SELECT count(*) FROM events WHERE latitude IS NULL AND longitude IS NULL), 108::bigint, 'events without coordinates');
SELECT is((SELECT count(*) FROM events WHERE (latitude IS NULL) <> (longitude IS NULL)), 0::bigint, 'none with half of them');
SELECT is((SELECT count(*) FROM priced p WHERE p.how = h.how), wanted, format('prices, %s', h.how))
FROM (VALUES ('marked free', 914::bigint), ('said to be free', 27), ('one amount', 37), ('not understood', 36), ('nothing said', 135)) h (how, wanted);
SELECT is((SELECT count(*) FROM events WHERE price IS NULL), 171::bigint, 'events of unknown price: 36 not understood, 135 not said');
SELECT is((SELECT count(*) FROM events WHERE price = 0), 941::bigint, 'free events: 914 marked, 27 said');
SELECT is((SELECT array_agg(DISTINCT price ORDER BY price) FROM events WHERE price > 0), '{3,3.5,5,10,12,14,16,18,20,21,22}'::float8[], 'the other prices');
SELECT is((SELECT round(sum(price)::numeric, 2) FROM events), 508.00, 'and their sum');

SELECT is((SELECT count(*) FROM events WHERE facts::text::jsonb ? 'price'), 978::bigint, 'the facts keep a price where there is one, 0 included');
SELECT is((SELECT count(*) FROM events WHERE facts::text::jsonb ? 'starts_at'), 935::bigint, 'a start where there is one');
SELECT is((SELECT count(*) FROM events WHERE facts::text::jsonb ? 'latitude'), 1041::bigint, 'a place where there is one');

-- Free is not unknown -------------------------------------------------------------------------------------------------

SELECT oracle.holds('a free event costs nothing where only the price counts',
    'SELECT facts <=> event_pref(budget => 20) = 0, titulo FROM events WHERE price = 0');
SELECT oracle.holds('an event of unknown price is the worst there',
    'SELECT facts <=> event_pref(budget => 20) = 1, titulo FROM events WHERE price IS NULL');
SELECT oracle.holds('and fails a limit on the price, while a free one passes any',
    'SELECT (facts @@ event_pref(budget => 20, max_price => 0)) = coalesce(price = 0, false), titulo FROM events');
SELECT oracle.holds('no event of unknown start is ahead of one that is known to be near the time',
    'SELECT facts <=> event_pref(starts => ''2025-03-15 19:00+01'', around => ''30 days'') = 1, titulo FROM events WHERE starts_at IS NULL');

-- People in the twenty largest places of Spain (not the quarters of a city, PPLX), and abroad, as far as the other end of the globe.
CREATE TEMP TABLE homes AS
SELECT * FROM (SELECT geonameid, name, lat, lon FROM cities WHERE country = 'ES' AND feature <> 'PPLX' ORDER BY population DESC, geonameid LIMIT 20) s
UNION ALL
SELECT geonameid, name, lat, lon FROM cities
WHERE geonameid IN (2267057, 2988507, 2643743, 2553604, 5128581, 1850147, 2179537, 2198148);
SELECT is((SELECT count(*) FROM homes), 28::bigint, 'homes');
SELECT ok(EXISTS (SELECT FROM homes WHERE name = 'Madrid') AND EXISTS (SELECT FROM homes WHERE name = 'Wellington' AND lat < -41), 'at hand and antipodal');

-- Each says the same twice: to the extension, and to the oracle.
CREATE TEMP TABLE wishes AS
SELECT name, 'near, cheap, soon' AS wish,
       event_pref(latitude => lat, longitude => lon, within_km => 5, budget => 10, starts => '2025-03-15 19:00+01', around => '3 days') AS pref,
       jsonb_build_object('location', jsonb_build_object('latitude', lat, 'longitude', lon, 'curve', 'exp', 'scale', 5),
                          'price', '{"curve": "linear", "origin": 0, "offset": 10, "scale": 10, "side": "above"}'::jsonb,
                          'start', '{"curve": "gauss", "origin": "2025-03-15T18:00:00Z", "scale": 259200}'::jsonb) AS doc
FROM homes
UNION ALL
SELECT name, wish, doc::text::eventpref, doc
FROM homes, LATERAL (VALUES
    ('worth the journey', jsonb_build_object(
        'location', jsonb_build_object('latitude', lat, 'longitude', lon, 'curve', 'gauss', 'offset', 3, 'scale', 8000, 'weight', 2),
        'price', '{"origin": 14, "scale": 4, "scale_below": 40, "side": "both", "curve": "exp", "missing": "skip"}'::jsonb,
        'start', '{"origin": "2025-04-02T17:30:00Z", "scale": "5 days", "offset": "6 hours", "missing": 0.1}'::jsonb,
        'combine', 'product')),
    ('no surprises', jsonb_build_object(
        'location', jsonb_build_object('latitude', lat, 'longitude', lon, 'curve', 'linear', 'scale', 15000, 'missing', 'exclude'),
        'price', '{"offset": 5, "scale": 12, "missing": "exclude"}'::jsonb,
        'attendees', '{"pivot": 50, "missing": 0.4}'::jsonb,
        'start', '{"curve": "linear", "origin": "2025-03-20T18:00:00Z", "scale": "20 days", "side": "below"}'::jsonb,
        'combine', 'min', 'limits', '{"after": "2025-03-10", "before": "2025-04-01", "max_price": 15}'::jsonb)),
    ('free or nothing', jsonb_build_object(
        'location', jsonb_build_object('latitude', lat, 'longitude', lon, 'scale', 600, 'decay', 0.3),
        'price', '{"curve": "step", "weight": 3}'::jsonb,
        'attendees', '{"pivot": 50, "missing": "skip"}'::jsonb,
        'limits', '{"max_km": 2000, "max_price": 0, "min_score": 0.8}'::jsonb))
) w (wish, doc);

-- Without limits and without `exclude` every event is acceptable; to ask the oracle would only take time.
CREATE TEMP TABLE judged AS
SELECT w.name, w.wish, w.pref, e.id, e.titulo, e.facts, e.facts <=> w.pref AS cost, e.facts @@ w.pref AS acceptable,
       oracle.event_score(e.doc, w.doc) AS o_score, CASE WHEN w.doc ? 'limits' THEN oracle.acceptable(e.doc, w.doc) ELSE true END AS o_acceptable
FROM wishes w, events e;

SELECT oracle.holds('every cost is 1 - the oracle''s score',
    'SELECT abs(cost - (1 - o_score)) < 1e-9, format(''%s, %s, %s: %s, not %s'', name, wish, titulo, cost, 1 - o_score) FROM judged');
SELECT oracle.holds('@@ is the oracle''s',
    'SELECT acceptable = o_acceptable, format(''%s, %s, %s'', name, wish, titulo) FROM judged');

CREATE TEMP TABLE best AS
SELECT w.name, w.wish, b.id, a.id AS accepted
FROM wishes w
LEFT JOIN LATERAL (SELECT id FROM events ORDER BY facts <=> w.pref LIMIT 1) b ON true
LEFT JOIN LATERAL (SELECT id FROM events WHERE facts @@ w.pref ORDER BY facts <=> w.pref LIMIT 1) a ON true;

SELECT oracle.holds('the best event is one that the oracle finds best',
    'SELECT b.id IS NOT NULL AND abs(j.o_score - top) < 1e-12, format(''%s, %s: %s scores %s, not %s'', b.name, b.wish, j.titulo, j.o_score, top)
     FROM best b LEFT JOIN judged j USING (name, wish, id)
     JOIN (SELECT name, wish, max(o_score) AS top FROM judged GROUP BY name, wish) t USING (name, wish)');
SELECT oracle.holds('the best acceptable event is one that the oracle finds best, or there is none',
    'SELECT CASE WHEN top IS NULL THEN b.accepted IS NULL ELSE j.o_acceptable AND abs(j.o_score - top) < 1e-12 END,
            format(''%s, %s: %s scores %s, not %s'', b.name, b.wish, j.titulo, j.o_score, top)
     FROM best b LEFT JOIN judged j ON j.name = b.name AND j.wish = b.wish AND j.id = b.accepted
     JOIN (SELECT name, wish, max(o_score) FILTER (WHERE o_acceptable) AS top FROM judged GROUP BY name, wish) t
       ON t.name = b.name AND t.wish = b.wish');

-- That the question was not trivial.
SELECT cmp_ok((SELECT count(DISTINCT id) FROM best), '>', 3::bigint, 'people in different places want different events');
SELECT cmp_ok((SELECT count(*) FROM best WHERE accepted IS DISTINCT FROM id), '>', 3::bigint, 'limits change the answer for some');
SELECT cmp_ok((SELECT count(*) FROM best WHERE accepted IS NULL), '>', 0::bigint, 'and leave nothing for some');
SELECT cmp_ok((SELECT count(*) FROM judged WHERE o_score > 0.001 AND o_score < 0.999), '>', 50000::bigint, 'most scores are neither 0 nor 1');
SELECT is((SELECT count(*) FROM judged), 28 * 4 * 1149::bigint, 'all pairs of a wish and an event were compared');

SELECT * FROM finish();
ROLLBACK;
