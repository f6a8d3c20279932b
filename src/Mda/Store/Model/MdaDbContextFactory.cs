using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MailSuite.Mda.Store.Model;

/// <summary>Gives <c>dotnet ef</c> a context without a running program.</summary>
internal sealed class MdaDbContextFactory : IDesignTimeDbContextFactory<MdaDbContext>
{
    public MdaDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<MdaDbContext>().UseSqlite("Data Source=:memory:").Options);
}
