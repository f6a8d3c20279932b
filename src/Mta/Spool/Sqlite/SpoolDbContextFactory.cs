using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Lets <c>dotnet ef</c> make migrations without starting the program.</summary>
internal sealed class SpoolDbContextFactory : IDesignTimeDbContextFactory<SpoolDbContext>
{
    public SpoolDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SpoolDbContext>().UseSqlite("Data Source=mta.db").Options);
}
