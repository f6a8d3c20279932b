using Microsoft.EntityFrameworkCore;

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>The model of <c>mta.db</c>, from which the migrations are made.</summary>
internal sealed class SpoolDbContext(DbContextOptions<SpoolDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MessageRow>(message =>
        {
            message.ToTable("Messages");
            message.HasKey(m => m.Id);
            message.HasIndex(m => m.QueueId).IsUnique();
        });
        modelBuilder.Entity<BodyRow>(body =>
        {
            body.ToTable("Bodies");
            body.HasKey(b => b.MessageId);
            body.Property(b => b.MessageId).ValueGeneratedNever();
            body.HasOne<MessageRow>().WithOne().HasForeignKey<BodyRow>(b => b.MessageId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<RetiredRow>(retired =>
        {
            retired.ToTable("Retired");
            retired.HasKey(r => r.QueueId);
            retired.HasIndex(r => r.FinishedAt);
        });
        modelBuilder.Entity<SuppressionRow>(suppression =>
        {
            suppression.ToTable("Suppressions");
            suppression.HasKey(s => s.Address);
            suppression.HasIndex(s => s.Since);
        });
        modelBuilder.Entity<NoticeRow>(notice =>
        {
            notice.ToTable("Notices");
            notice.HasKey(n => n.Id);
            notice.HasIndex(n => n.NextAttemptAt);
        });
        modelBuilder.Entity<TlsSeenRow>(seen =>
        {
            seen.ToTable("TlsSeen");
            seen.HasKey(t => t.Host);
        });
        modelBuilder.Entity<RecipientRow>(recipient =>
        {
            recipient.ToTable("Recipients");
            recipient.HasKey(r => r.Id);
            recipient.HasOne<MessageRow>().WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Cascade);
            recipient.HasIndex(r => r.MessageId);

            // The numbers are those of RecipientState; only what waits is in these indexes.
            recipient.HasIndex(r => new { r.NextAttemptAt, r.MessageId, r.Destination, r.Sender, r.Priority }, "IX_Recipients_Due").HasFilter("State = 0");
            recipient.HasIndex(r => new { r.NextAttemptAt, r.MessageId, r.Destination, r.Sender, r.Priority }, "IX_Recipients_Urgent").HasFilter("State = 0 AND Priority > 0");
            recipient.HasIndex(r => new { r.Destination, r.Sender, r.NextAttemptAt, r.MessageId, r.Priority }, "IX_Recipients_Destination").HasFilter("State = 0");
            recipient.HasIndex(r => new { r.NoticeAt, r.MessageId }, "IX_Recipients_Notice").HasFilter("State = 0");
            recipient.HasIndex(r => r.MessageId, "IX_Recipients_Unreported").HasFilter("State IN (2, 5, 6, 7)");
            recipient.HasIndex(r => r.LastAttemptAt, "IX_Recipients_Undeliverable").HasFilter("State = 4");
        });
    }
}
