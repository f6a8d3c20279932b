using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace MailSuite.Mda.Store.Migrations
{
    /// <inheritdoc />
    internal partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    address = table.Column<string>(type: "TEXT", nullable: false),
                    address_key = table.Column<string>(type: "TEXT", nullable: true),
                    display_name = table.Column<string>(type: "TEXT", nullable: true),
                    password = table.Column<string>(type: "TEXT", nullable: true),
                    octets = table.Column<long>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    removed_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_account", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "body",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    refs = table.Column<long>(type: "INTEGER", nullable: false),
                    octets = table.Column<long>(type: "INTEGER", nullable: false),
                    prefix = table.Column<byte[]>(type: "BLOB", nullable: true),
                    file = table.Column<string>(type: "TEXT", nullable: true),
                    message_id = table.Column<string>(type: "TEXT", nullable: true),
                    in_reply_to = table.Column<string>(type: "TEXT", nullable: true),
                    references = table.Column<string>(type: "TEXT", nullable: true),
                    sent_at = table.Column<long>(type: "INTEGER", nullable: true),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    from_name = table.Column<string>(type: "TEXT", nullable: false),
                    from_address = table.Column<string>(type: "TEXT", nullable: false),
                    to_names = table.Column<string>(type: "TEXT", nullable: false),
                    subject_key = table.Column<string>(type: "TEXT", nullable: false),
                    from_key = table.Column<string>(type: "TEXT", nullable: false),
                    to_key = table.Column<string>(type: "TEXT", nullable: false),
                    preview = table.Column<string>(type: "TEXT", nullable: true),
                    has_attachments = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_body", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "body_octets",
                columns: table => new
                {
                    body_id = table.Column<long>(type: "INTEGER", nullable: false),
                    octets = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_body_octets", x => x.body_id);
                });

            migrationBuilder.CreateTable(
                name: "delivery",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    delivery_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    mailbox_id = table.Column<long>(type: "INTEGER", nullable: false),
                    uid = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_delivery", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "expunged",
                columns: table => new
                {
                    mailbox_id = table.Column<long>(type: "INTEGER", nullable: false),
                    mod_seq = table.Column<long>(type: "INTEGER", nullable: false),
                    uid = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_expunged", x => new { x.mailbox_id, x.mod_seq, x.uid });
                });

            migrationBuilder.CreateTable(
                name: "store_state",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_store_state", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "mailbox",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    special_use = table.Column<int>(type: "INTEGER", nullable: false),
                    uid_validity = table.Column<long>(type: "INTEGER", nullable: false),
                    uid_next = table.Column<long>(type: "INTEGER", nullable: false),
                    highest_mod_seq = table.Column<long>(type: "INTEGER", nullable: false),
                    messages = table.Column<long>(type: "INTEGER", nullable: false),
                    unseen = table.Column<long>(type: "INTEGER", nullable: false),
                    octets = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mailbox", x => x.id);
                    table.ForeignKey(
                        name: "FK_mailbox_account_account_id",
                        column: x => x.account_id,
                        principalTable: "account",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "message",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    mailbox_id = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    uid = table.Column<long>(type: "INTEGER", nullable: false),
                    body_id = table.Column<long>(type: "INTEGER", nullable: false),
                    flags = table.Column<int>(type: "INTEGER", nullable: false),
                    mod_seq = table.Column<long>(type: "INTEGER", nullable: false),
                    internal_date = table.Column<long>(type: "INTEGER", nullable: false),
                    journey = table.Column<byte[]>(type: "BLOB", nullable: true),
                    fetched = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_message", x => x.id);
                    table.ForeignKey(
                        name: "FK_message_mailbox_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailbox",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "store_state",
                columns: new[] { "name", "value" },
                values: new object[,]
                {
                    { "derived_body", 0L },
                    { "directory_version", 0L },
                    { "uid_validity", 0L }
                });

            migrationBuilder.CreateIndex(
                name: "IX_account_address_key",
                table: "account",
                column: "address_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_body_file",
                table: "body",
                column: "file",
                unique: true,
                filter: "file IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_delivery_delivery_id_mailbox_id",
                table: "delivery",
                columns: new[] { "delivery_id", "mailbox_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_mailbox_account_id_name",
                table: "mailbox",
                columns: new[] { "account_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_message_account_id_internal_date",
                table: "message",
                columns: new[] { "account_id", "internal_date" });

            migrationBuilder.CreateIndex(
                name: "IX_message_mailbox_id_uid",
                table: "message",
                columns: new[] { "mailbox_id", "uid" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "body");

            migrationBuilder.DropTable(
                name: "body_octets");

            migrationBuilder.DropTable(
                name: "delivery");

            migrationBuilder.DropTable(
                name: "expunged");

            migrationBuilder.DropTable(
                name: "message");

            migrationBuilder.DropTable(
                name: "store_state");

            migrationBuilder.DropTable(
                name: "mailbox");

            migrationBuilder.DropTable(
                name: "account");
        }
    }
}
