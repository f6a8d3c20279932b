using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MailSuite.Mda.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Administrators : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_administrator",
                table: "account",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "is_administrator",
                table: "account");
        }
    }
}
