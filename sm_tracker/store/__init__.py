"""The records in a database: schema, migrations, repository and audit trail."""
