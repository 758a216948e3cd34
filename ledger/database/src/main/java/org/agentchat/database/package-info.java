/// A database that one server keeps: a SQLite file or a PostgreSQL schema, the same SQL for both.
///
/// What lives here: opening it, keeping a second server away, migrations, transactions. What may
/// not: any table.
@NullMarked
package org.agentchat.database;

import org.jspecify.annotations.NullMarked;
