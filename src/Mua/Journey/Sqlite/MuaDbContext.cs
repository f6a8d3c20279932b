using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MailSuite.Mua.Journey.Sqlite;

/// <summary>The model of <c>mua.db</c>; it makes and migrates the schema. Events are written and read by prepared commands.</summary>
internal sealed class MuaDbContext(DbContextOptions<MuaDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<JourneyRow>(journey =>
        {
            journey.ToTable("Journeys");
            journey.HasKey(j => j.Id);
            journey.HasIndex(j => j.MessageId).HasFilter("MessageId IS NOT NULL");
            journey.HasIndex(j => j.QueueId).HasFilter("QueueId IS NOT NULL");
        });
        modelBuilder.Entity<EventRow>(e =>
        {
            e.ToTable("Events");
            e.HasKey(r => r.Id);
            e.Property(r => r.Id).ValueGeneratedOnAdd().HasAnnotation("Sqlite:Autoincrement", true);
            e.HasIndex(r => r.Journey);
        });
    }

    /// <summary>Lets <c>dotnet ef</c> make migrations without the program.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<MuaDbContext>
    {
        public MuaDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<MuaDbContext>().UseSqlite("Data Source=:memory:").Options);
    }
}
