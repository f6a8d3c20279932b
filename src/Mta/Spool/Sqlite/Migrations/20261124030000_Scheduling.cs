using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mta.Spool.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Scheduling : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Recipients_Urgent",
                table: "Recipients");

            migrationBuilder.DropIndex(
                name: "IX_Recipients_Waiting",
                table: "Recipients");

            migrationBuilder.AddColumn<long>(
                name: "NoticeAt",
                table: "Recipients",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Sender",
                table: "Recipients",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Destination",
                table: "Recipients",
                columns: new[] { "Destination", "Sender", "NextAttemptAt", "MessageId", "Priority" },
                filter: "State = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Due",
                table: "Recipients",
                columns: new[] { "NextAttemptAt", "MessageId", "Destination", "Sender", "Priority" },
                filter: "State = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Notice",
                table: "Recipients",
                columns: new[] { "NoticeAt", "MessageId" },
                filter: "State = 0");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Urgent",
                table: "Recipients",
                columns: new[] { "NextAttemptAt", "MessageId", "Destination", "Sender", "Priority" },
                filter: "State = 0 AND Priority > 0");

            // When there is something to be told of it is looked for at once; who sent it all counts as one sender.
            migrationBuilder.Sql("UPDATE Recipients SET NoticeAt = NextAttemptAt WHERE State = 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Recipients_Destination",
                table: "Recipients");

            migrationBuilder.DropIndex(
                name: "IX_Recipients_Due",
                table: "Recipients");

            migrationBuilder.DropIndex(
                name: "IX_Recipients_Notice",
                table: "Recipients");

            migrationBuilder.DropIndex(
                name: "IX_Recipients_Urgent",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "NoticeAt",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "Sender",
                table: "Recipients");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Urgent",
                table: "Recipients",
                columns: new[] { "NextAttemptAt", "Destination", "MessageId" },
                filter: "State = 0 AND Priority > 0");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Waiting",
                table: "Recipients",
                columns: new[] { "NextAttemptAt", "Destination", "MessageId" },
                filter: "State = 0");
        }
    }
}
