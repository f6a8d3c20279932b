using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mta.Spool.Sqlite.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Quarantine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Junk",
                table: "Messages",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Junk",
                table: "Messages");
        }
    }
}
