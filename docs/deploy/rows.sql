-- Every table: its name, how many rows, and a digest of what is in them in no order. backup.sh keeps it beside the dump,
-- restore.sh compares. One look at every row, as pg_dump takes too. Without sessions, which are in no backup.
SET LOCAL TIME ZONE 'UTC';
SELECT format('SELECT %L, count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) FROM public.%I AS r',
              relname, relname)
  FROM pg_class
 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
   AND relname NOT IN ('django_session', 'usersessions_usersession')
 ORDER BY relname COLLATE "C" \gexec
