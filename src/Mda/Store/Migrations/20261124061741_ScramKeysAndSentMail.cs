using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mda.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class ScramKeysAndSentMail : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "scram",
                table: "account",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "secret",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    octets = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secret", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "sent_hour",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    hour = table.Column<long>(type: "INTEGER", nullable: false),
                    messages = table.Column<long>(type: "INTEGER", nullable: false),
                    recipients = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sent_hour", x => new { x.account_id, x.hour });
                });

            migrationBuilder.CreateIndex(
                name: "IX_sent_hour_hour",
                table: "sent_hour",
                column: "hour");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "secret");

            migrationBuilder.DropTable(
                name: "sent_hour");

            migrationBuilder.DropColumn(
                name: "scram",
                table: "account");
        }
    }
}
