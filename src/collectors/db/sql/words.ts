const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** What a statement may begin with; anything else is `OTHER`. */
export const VERBS: ReadonlySet<string> = words(
  "SELECT INSERT UPDATE DELETE MERGE REPLACE CALL EXEC EXECUTE CREATE ALTER DROP TRUNCATE COPY LOAD BEGIN START COMMIT " +
    "ROLLBACK SAVEPOINT RELEASE SET RESET SHOW EXPLAIN DESCRIBE ANALYZE VACUUM OPTIMIZE GRANT REVOKE LOCK UNLOCK USE " +
    "DECLARE FETCH CLOSE LISTEN NOTIFY UNLISTEN PREPARE DEALLOCATE REFRESH REINDEX COMMENT VALUES DO PRAGMA KILL FLUSH RENAME",
);

/** Verbs of definitions: they go with the kind of thing that they are about. */
export const DEFINERS: ReadonlySet<string> = words("CREATE ALTER DROP");

/** Kinds of things that are named in a summary. */
export const KINDS: ReadonlySet<string> = words(
  "TABLE INDEX VIEW SEQUENCE SCHEMA DATABASE TYPE FUNCTION PROCEDURE TRIGGER EXTENSION",
);

/** Verbs that their target follows at once. */
export const DIRECT: ReadonlySet<string> = words(
  "UPDATE INSERT REPLACE MERGE CALL EXEC EXECUTE TRUNCATE COPY LOCK REFRESH",
);

/** Words that may stand between a verb and its target. */
export const FILLERS: ReadonlySet<string> = words(
  "INTO ONLY IF NOT EXISTS CONCURRENTLY TABLE TABLES MATERIALIZED VIEW LATERAL IGNORE LOW_PRIORITY HIGH_PRIORITY DELAYED " +
    "OR REPLACE ABORT FAIL ROLLBACK IMMEDIATE LOCAL",
);

/** Verbs in whose statements FROM names a target. */
export const READERS: ReadonlySet<string> = words("SELECT DELETE UPDATE");

/** Words after which a list of targets is over. */
export const ENDS: ReadonlySet<string> = words(
  "WHERE GROUP ORDER HAVING LIMIT UNION EXCEPT INTERSECT WINDOW FOR RETURNING SET VALUES FETCH OFFSET QUALIFY",
);
