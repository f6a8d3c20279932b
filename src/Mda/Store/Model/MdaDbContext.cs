using Microsoft.EntityFrameworkCore;

namespace MailSuite.Mda.Store.Model;

/// <summary>The schema of <c>mda.db</c>; EF Core makes its migrations from here.</summary>
internal sealed class MdaDbContext(DbContextOptions<MdaDbContext> options) : DbContext(options)
{
    public DbSet<AccountRow> Accounts => Set<AccountRow>();

    public DbSet<MailboxRow> Mailboxes => Set<MailboxRow>();

    public DbSet<MessageRow> Messages => Set<MessageRow>();

    public DbSet<BodyRow> Bodies => Set<BodyRow>();

    public DbSet<BodyOctetsRow> BodyOctets => Set<BodyOctetsRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    public DbSet<ExpungedRow> Expunged => Set<ExpungedRow>();

    public DbSet<KeywordSetRow> KeywordSets => Set<KeywordSetRow>();

    public DbSet<BodyWireRow> BodyWires => Set<BodyWireRow>();

    public DbSet<BodyHeadRow> BodyHeads => Set<BodyHeadRow>();

    public DbSet<ThreadLinkRow> ThreadLinks => Set<ThreadLinkRow>();

    public DbSet<SubscriptionRow> Subscriptions => Set<SubscriptionRow>();

    public DbSet<AclRow> Acls => Set<AclRow>();

    public DbSet<MetadataRow> Metadata => Set<MetadataRow>();

    public DbSet<StoreStateRow> State => Set<StoreStateRow>();

    public DbSet<SecretRow> Secrets => Set<SecretRow>();

    public DbSet<SentHourRow> SentHours => Set<SentHourRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<AccountRow>(account =>
        {
            account.ToTable("account");
            account.HasIndex(row => row.AddressKey).IsUnique();
        });
        modelBuilder.Entity<MailboxRow>(mailbox =>
        {
            mailbox.ToTable("mailbox");
            mailbox.HasIndex(row => new { row.AccountId, row.Name }).IsUnique().HasFilter("removed_at IS NULL");
            mailbox.HasOne<AccountRow>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<MessageRow>(message =>
        {
            message.ToTable("message");
            // The migration makes it WITHOUT ROWID, which EF Core has no word for: a mailbox lies together and is opened by one walk.
            message.HasKey(row => new { row.MailboxId, row.Uid });
            message.HasIndex(row => new { row.AccountId, row.InternalDate });
            message.HasOne<MailboxRow>().WithMany().HasForeignKey(row => row.MailboxId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<BodyRow>(body =>
        {
            body.ToTable("body");
            body.HasIndex(row => row.File).IsUnique().HasFilter("file IS NOT NULL");
        });
        modelBuilder.Entity<BodyOctetsRow>(octets =>
        {
            octets.ToTable("body_octets");
            octets.HasKey(row => row.BodyId);
            octets.Property(row => row.BodyId).ValueGeneratedNever();
        });
        modelBuilder.Entity<BodyWireRow>(wire =>
        {
            wire.ToTable("body_wire");
            wire.HasKey(row => row.BodyId);
            wire.Property(row => row.BodyId).ValueGeneratedNever();
        });
        modelBuilder.Entity<BodyHeadRow>(head =>
        {
            head.ToTable("body_head");
            head.HasKey(row => row.BodyId);
            head.Property(row => row.BodyId).ValueGeneratedNever();
        });
        modelBuilder.Entity<KeywordSetRow>(set =>
        {
            set.ToTable("keyword_set");
            set.HasIndex(row => row.Names).IsUnique();
        });
        modelBuilder.Entity<ThreadLinkRow>(link =>
        {
            // WITHOUT ROWID as well: a row is as short as its key.
            link.ToTable("thread_link");
            link.HasKey(row => new { row.AccountId, row.Key });
        });
        modelBuilder.Entity<SubscriptionRow>(subscription =>
        {
            subscription.ToTable("subscription");
            subscription.HasKey(row => new { row.AccountId, row.Name });
        });
        modelBuilder.Entity<AclRow>(acl =>
        {
            acl.ToTable("acl");
            acl.HasKey(row => new { row.MailboxId, row.Identifier });
            acl.HasIndex(row => row.Identifier);
        });
        modelBuilder.Entity<MetadataRow>(metadata =>
        {
            metadata.ToTable("metadata");
            metadata.HasKey(row => new { row.MailboxId, row.AccountId, row.Entry });
        });
        modelBuilder.Entity<DeliveryRow>(delivery =>
        {
            delivery.ToTable("delivery");
            delivery.HasIndex(row => new { row.DeliveryId, row.MailboxId }).IsUnique();
        });
        modelBuilder.Entity<ExpungedRow>(expunged =>
        {
            expunged.ToTable("expunged");
            expunged.HasKey(row => new { row.MailboxId, row.ModSeq, row.Uid });
        });
        modelBuilder.Entity<StoreStateRow>(state =>
        {
            state.ToTable("store_state");
            state.HasKey(row => row.Name);
            state.HasData(
                new StoreStateRow { Name = StoreStateRow.UidValidity, Value = 0 },
                new StoreStateRow { Name = StoreStateRow.DirectoryVersion, Value = 0 },
                new StoreStateRow { Name = StoreStateRow.DerivedBody, Value = 0 },
                new StoreStateRow { Name = StoreStateRow.WireVersion, Value = 0 });
        });

        modelBuilder.Entity<SecretRow>(secret =>
        {
            secret.ToTable("secret");
            secret.HasKey(row => row.Name);
        });
        modelBuilder.Entity<SentHourRow>(sent =>
        {
            sent.ToTable("sent_hour");
            sent.HasKey(row => new { row.AccountId, row.Hour });
            sent.HasIndex(row => row.Hour);
        });

        // The prepared statements say these names, so they are not left to a convention.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static string SnakeCase(string name) => string.Concat(
        name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? string.Empty : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
