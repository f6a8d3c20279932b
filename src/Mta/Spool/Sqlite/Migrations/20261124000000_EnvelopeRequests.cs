using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mta.Spool.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class EnvelopeRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Recipients_Failed",
                table: "Recipients");

            migrationBuilder.AddColumn<int>(
                name: "Notify",
                table: "Recipients",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "OriginalRecipient",
                table: "Recipients",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Priority",
                table: "Recipients",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Route",
                table: "Recipients",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Warned",
                table: "Recipients",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "DeliverBy",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "DeliverByReturns",
                table: "Messages",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "DeliverByTraces",
                table: "Messages",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "EnvelopeId",
                table: "Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "HoldRequest",
                table: "Messages",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "HoldUntil",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Priority",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Return",
                table: "Messages",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Unreported",
                table: "Recipients",
                column: "MessageId",
                filter: "State IN (2, 5, 6, 7)");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Urgent",
                table: "Recipients",
                columns: new[] { "NextAttemptAt", "Destination", "MessageId" },
                filter: "State = 0 AND Priority > 0");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Recipients_Unreported",
                table: "Recipients");

            migrationBuilder.DropIndex(
                name: "IX_Recipients_Urgent",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "Notify",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "OriginalRecipient",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "Priority",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "Route",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "Warned",
                table: "Recipients");

            migrationBuilder.DropColumn(
                name: "DeliverBy",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "DeliverByReturns",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "DeliverByTraces",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "EnvelopeId",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "HoldRequest",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "HoldUntil",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "Priority",
                table: "Messages");

            migrationBuilder.DropColumn(
                name: "Return",
                table: "Messages");

            migrationBuilder.CreateIndex(
                name: "IX_Recipients_Failed",
                table: "Recipients",
                column: "MessageId",
                filter: "State = 2");
        }
    }
}
