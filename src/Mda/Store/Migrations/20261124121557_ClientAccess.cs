using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mda.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class ClientAccess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_mailbox_account_id_name",
                table: "mailbox");

            migrationBuilder.AddColumn<long>(
                name: "created_at",
                table: "mailbox",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "deleted",
                table: "mailbox",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "removed_at",
                table: "mailbox",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "hidden_capabilities",
                table: "account",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "messages",
                table: "account",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "over_quota_since",
                table: "account",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "quota_messages",
                table: "account",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "quota_octets",
                table: "account",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "acl",
                columns: table => new
                {
                    mailbox_id = table.Column<long>(type: "INTEGER", nullable: false),
                    identifier = table.Column<string>(type: "TEXT", nullable: false),
                    rights = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_acl", x => new { x.mailbox_id, x.identifier });
                });

            migrationBuilder.CreateTable(
                name: "body_head",
                columns: table => new
                {
                    body_id = table.Column<long>(type: "INTEGER", nullable: false),
                    head = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_body_head", x => x.body_id);
                });

            migrationBuilder.CreateTable(
                name: "body_wire",
                columns: table => new
                {
                    body_id = table.Column<long>(type: "INTEGER", nullable: false),
                    envelope = table.Column<byte[]>(type: "BLOB", nullable: false),
                    structure = table.Column<byte[]>(type: "BLOB", nullable: false),
                    parts = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_body_wire", x => x.body_id);
                });

            migrationBuilder.CreateTable(
                name: "keyword_set",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    names = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_keyword_set", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "metadata",
                columns: table => new
                {
                    mailbox_id = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    entry = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_metadata", x => new { x.mailbox_id, x.account_id, x.entry });
                });

            migrationBuilder.CreateTable(
                name: "subscription",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_subscription", x => new { x.account_id, x.name });
                });

            // A mailbox lies together, in the order of its UIDs, and is opened by one walk.
            migrationBuilder.Sql("""
                CREATE TABLE message_new (
                    mailbox_id INTEGER NOT NULL,
                    uid INTEGER NOT NULL,
                    account_id INTEGER NOT NULL,
                    body_id INTEGER NOT NULL,
                    flags INTEGER NOT NULL,
                    keywords INTEGER NOT NULL,
                    mod_seq INTEGER NOT NULL,
                    internal_date INTEGER NOT NULL,
                    save_date INTEGER NOT NULL,
                    thread_id INTEGER NOT NULL,
                    octets INTEGER NOT NULL,
                    journey BLOB NULL,
                    fetched INTEGER NOT NULL,
                    CONSTRAINT PK_message PRIMARY KEY (mailbox_id, uid),
                    CONSTRAINT FK_message_mailbox_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES mailbox (id) ON DELETE RESTRICT
                ) WITHOUT ROWID;
                INSERT INTO message_new
                SELECT message.mailbox_id, message.uid, message.account_id, message.body_id, message.flags, 0, message.mod_seq, message.internal_date,
                    message.internal_date, 0, body.octets, message.journey, message.fetched
                FROM message JOIN body ON body.id = message.body_id ORDER BY message.mailbox_id, message.uid;
                DROP TABLE message;
                ALTER TABLE message_new RENAME TO message;
                CREATE INDEX IX_message_account_id_internal_date ON message (account_id, internal_date);
                CREATE TABLE thread_link (
                    account_id INTEGER NOT NULL,
                    key INTEGER NOT NULL,
                    thread_id INTEGER NOT NULL,
                    CONSTRAINT PK_thread_link PRIMARY KEY (account_id, key)
                ) WITHOUT ROWID;
                UPDATE account SET messages = (SELECT count(*) FROM message WHERE message.account_id = account.id);
                UPDATE mailbox SET deleted = (SELECT count(*) FROM message WHERE message.mailbox_id = mailbox.id AND message.flags & 8);
                """);

            // All that a client of before could see it will see.
            migrationBuilder.Sql("INSERT INTO subscription (account_id, name) SELECT account_id, name FROM mailbox");

            // The first mailboxes of an account shared one UIDVALIDITY. No client has seen it yet, and with names that change each needs its own.
            migrationBuilder.Sql("UPDATE mailbox SET uid_validity = (SELECT value FROM store_state WHERE name = 'uid_validity') + id");
            migrationBuilder.Sql("UPDATE store_state SET value = max(value, (SELECT coalesce(max(uid_validity), 0) FROM mailbox)) WHERE name = 'uid_validity'");

            migrationBuilder.InsertData(
                table: "store_state",
                columns: new[] { "name", "value" },
                values: new object[] { "wire_version", 0L });

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_account_id_name",
                table: "mailbox",
                columns: new[] { "account_id", "name" },
                unique: true,
                filter: "removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_acl_identifier",
                table: "acl",
                column: "identifier");

            migrationBuilder.CreateIndex(
                name: "IX_keyword_set_names",
                table: "keyword_set",
                column: "names",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("""
                CREATE TABLE message_old (
                    id INTEGER NOT NULL CONSTRAINT PK_message PRIMARY KEY AUTOINCREMENT,
                    mailbox_id INTEGER NOT NULL,
                    account_id INTEGER NOT NULL,
                    uid INTEGER NOT NULL,
                    body_id INTEGER NOT NULL,
                    flags INTEGER NOT NULL,
                    mod_seq INTEGER NOT NULL,
                    internal_date INTEGER NOT NULL,
                    journey BLOB NULL,
                    fetched INTEGER NOT NULL,
                    CONSTRAINT FK_message_mailbox_mailbox_id FOREIGN KEY (mailbox_id) REFERENCES mailbox (id) ON DELETE RESTRICT
                );
                INSERT INTO message_old (mailbox_id, account_id, uid, body_id, flags, mod_seq, internal_date, journey, fetched)
                SELECT mailbox_id, account_id, uid, body_id, flags, mod_seq, internal_date, journey, fetched FROM message ORDER BY internal_date;
                DROP TABLE message;
                ALTER TABLE message_old RENAME TO message;
                CREATE INDEX IX_message_account_id_internal_date ON message (account_id, internal_date);
                CREATE UNIQUE INDEX IX_message_mailbox_id_uid ON message (mailbox_id, uid);
                """);

            migrationBuilder.DropTable(
                name: "acl");

            migrationBuilder.DropTable(
                name: "body_head");

            migrationBuilder.DropTable(
                name: "body_wire");

            migrationBuilder.DropTable(
                name: "keyword_set");

            migrationBuilder.DropTable(
                name: "metadata");

            migrationBuilder.DropTable(
                name: "subscription");

            migrationBuilder.DropTable(
                name: "thread_link");

            migrationBuilder.DropIndex(
                name: "IX_mailbox_account_id_name",
                table: "mailbox");

            migrationBuilder.DeleteData(
                table: "store_state",
                keyColumn: "name",
                keyValue: "wire_version");

            migrationBuilder.DropColumn(
                name: "created_at",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "deleted",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "removed_at",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "hidden_capabilities",
                table: "account");

            migrationBuilder.DropColumn(
                name: "messages",
                table: "account");

            migrationBuilder.DropColumn(
                name: "over_quota_since",
                table: "account");

            migrationBuilder.DropColumn(
                name: "quota_messages",
                table: "account");

            migrationBuilder.DropColumn(
                name: "quota_octets",
                table: "account");

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_account_id_name",
                table: "mailbox",
                columns: new[] { "account_id", "name" },
                unique: true);
        }
    }
}
