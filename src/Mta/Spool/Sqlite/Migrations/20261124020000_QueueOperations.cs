using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mta.Spool.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class QueueOperations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "NextHop",
                table: "Recipients",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Event = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Payload = table.Column<string>(type: "TEXT", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastError = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Retired",
                columns: table => new
                {
                    QueueId = table.Column<string>(type: "TEXT", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Journey = table.Column<Guid>(type: "TEXT", nullable: false),
                    ReversePath = table.Column<string>(type: "TEXT", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Octets = table.Column<long>(type: "INTEGER", nullable: false),
                    Recipients = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Retired", x => x.QueueId);
                });

            migrationBuilder.CreateTable(
                name: "Suppressions",
                columns: table => new
                {
                    Address = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<string>(type: "TEXT", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    RemoteHost = table.Column<string>(type: "TEXT", nullable: true),
                    RemoteReply = table.Column<string>(type: "TEXT", nullable: true),
                    QueueId = table.Column<string>(type: "TEXT", nullable: true),
                    Journey = table.Column<Guid>(type: "TEXT", nullable: true),
                    Manual = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Suppressions", x => x.Address);
                });

            migrationBuilder.CreateTable(
                name: "TlsSeen",
                columns: table => new
                {
                    Host = table.Column<string>(type: "TEXT", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TlsSeen", x => x.Host);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_NextAttemptAt",
                table: "Notices",
                column: "NextAttemptAt");

            migrationBuilder.CreateIndex(
                name: "IX_Retired_FinishedAt",
                table: "Retired",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Suppressions_Since",
                table: "Suppressions",
                column: "Since");

            // What was done before is still recognised when it is handed over once more.
            migrationBuilder.Sql("""
                INSERT INTO Retired (QueueId, FinishedAt, Journey, ReversePath, AcceptedAt, Octets, Recipients)
                SELECT QueueId, FinishedAt, '00000000-0000-0000-0000-000000000000', '', FinishedAt, 0, '' FROM Finished
                """);

            migrationBuilder.DropTable(
                name: "Finished");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Notices");

            migrationBuilder.DropTable(
                name: "Retired");

            migrationBuilder.DropTable(
                name: "Suppressions");

            migrationBuilder.DropTable(
                name: "TlsSeen");

            migrationBuilder.DropColumn(
                name: "NextHop",
                table: "Recipients");

            migrationBuilder.CreateTable(
                name: "Finished",
                columns: table => new
                {
                    QueueId = table.Column<string>(type: "TEXT", nullable: false),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Finished", x => x.QueueId);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Finished_FinishedAt",
                table: "Finished",
                column: "FinishedAt");
        }
    }
}
