using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Mailboxes;

public sealed class MailboxNamesTests : IAsyncLifetime
{
    private readonly MdaScene _scene = new(options => options with { MaxMailboxes = 12 });

    private Account _ann = null!;

    private Account _ben = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private MailboxNames Names => _scene.Services.GetRequiredService<MailboxNames>();

    private MailboxAccess Access => _scene.Services.GetRequiredService<MailboxAccess>();

    public async ValueTask InitializeAsync()
    {
        _ann = await _scene.AddAccountAsync("ann@example.org");
        _ben = await _scene.AddAccountAsync("ben@example.org");
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Subscribes_the_first_mailboxes_of_an_account_and_gives_each_a_uidvalidity_of_its_own()
    {
        var listing = await Names.ListAsync(_ann.Id, Cancellation);

        Assert.Equal(["Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash"], listing.Mailboxes.Select(mailbox => mailbox.Handle.Name));
        Assert.Equal(listing.Mailboxes.Select(mailbox => mailbox.Handle.Name), listing.Subscribed.Order(StringComparer.Ordinal));
        Assert.Equal(6, listing.Mailboxes.Select(mailbox => mailbox.Handle.UidValidity).Distinct().Count());
    }

    [Fact]
    public async Task Makes_a_mailbox_with_those_above_it()
    {
        var made = await DoneAsync(Names.CreateAsync(_ann.Id, "a/b/c", SpecialUse.None, Cancellation));

        Assert.Equal("a/b/c", made.Name);
        Assert.Equal(["a", "a/b", "a/b/c"], (await OwnAsync(_ann)).Where(name => name.StartsWith('a')));
        await RefusedAsync(NamespaceRefusal.AlreadyExists, Names.CreateAsync(_ann.Id, "a/b", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.AlreadyExists, Names.CreateAsync(_ann.Id, "inbox", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.Cannot, Names.CreateAsync(_ann.Id, "a//b", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.Cannot, Names.CreateAsync(_ann.Id, "Other Users", SpecialUse.None, Cancellation));
    }

    [Fact]
    public async Task Has_so_many_mailboxes_as_the_option_says()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a/b/c/d/e", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.Limit, Names.CreateAsync(_ann.Id, "f/g", SpecialUse.None, Cancellation));
        Assert.DoesNotContain("f", await OwnAsync(_ann));
        await DoneAsync(Names.CreateAsync(_ann.Id, "f", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.Limit, Names.CreateAsync(_ann.Id, "g", SpecialUse.None, Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "f", Cancellation));
        await DoneAsync(Names.CreateAsync(_ann.Id, "g", SpecialUse.None, Cancellation));
    }

    [Fact]
    public async Task Gives_a_special_use_once()
    {
        await RefusedAsync(NamespaceRefusal.UseAttribute, Names.CreateAsync(_ann.Id, "Sent 2", SpecialUse.Sent, Cancellation));
        await RefusedAsync(NamespaceRefusal.UseAttribute, Names.CreateAsync(_ann.Id, "All", SpecialUse.All, Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "Sent", Cancellation));

        Assert.Equal(SpecialUse.Sent, (await DoneAsync(Names.CreateAsync(_ann.Id, "Sent 2", SpecialUse.Sent, Cancellation))).Use);
    }

    [Fact]
    public async Task Says_that_a_mailbox_or_an_account_is_gone_when_only_its_messages_could_not_be_removed_yet()
    {
        await Names.CreateAsync(_ann.Id, "Old", SpecialUse.None, Cancellation);
        await _scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        var old = (await Names.ResolveAsync(_ann.Id, "Old", Cancellation))!;
        await _scene.Services.GetRequiredService<MessageStore>().CopyAsync((await _scene.MailboxAsync(_ann)).Id, [1], old.Id, Cancellation);
        await using var tables = _scene.OpenTables();
        await tables.Database.ExecuteSqlRawAsync("CREATE TRIGGER broken BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'a fault'); END", Cancellation);

        Assert.IsType<NamespaceOutcome.Done>(await Names.DeleteAsync(_ann.Id, "Old", Cancellation));
        Assert.Null(await Names.ResolveAsync(_ann.Id, "Old", Cancellation));
        Assert.IsType<AccountChange.Done>(await _scene.Accounts.RemoveAsync(_ann.Address, Cancellation));
        Assert.Null(await _scene.Accounts.FindAsync(_ann.Address, Cancellation));

        Assert.Equal(2, tables.Messages.Count());
        await tables.Database.ExecuteSqlRawAsync("DROP TRIGGER broken", Cancellation);
        await _scene.StartAsync();
        await MdaScene.UntilAsync(() => !tables.Messages.Any() && !tables.Accounts.Any(row => row.Id == _ann.Id.Value));
        await _scene.StopAsync();
    }

    [Fact]
    public async Task Deletes_a_mailbox_with_its_messages_and_leaves_those_below_it()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a/b", SpecialUse.None, Cancellation));
        var a = (await Names.ResolveAsync(_ann.Id, "a", Cancellation))!;
        await DeliverToAsync("a", 3);

        await DoneAsync(Names.DeleteAsync(_ann.Id, "a", Cancellation));

        Assert.Equal(["a/b"], (await OwnAsync(_ann)).Where(name => name.StartsWith('a')));
        await using (var tables = _scene.OpenTables())
        {
            Assert.False(await tables.Mailboxes.AnyAsync(mailbox => mailbox.Id == a.Id.Value, Cancellation));
            Assert.Empty(await tables.Messages.ToListAsync(Cancellation));
            Assert.Empty(await tables.BodyOctets.ToListAsync(Cancellation));
            Assert.All(await tables.Accounts.ToListAsync(Cancellation), account => Assert.Equal((0, 0), (account.Octets, account.Messages)));
        }

        await RefusedAsync(NamespaceRefusal.HasChildren, Names.DeleteAsync(_ann.Id, "a", Cancellation));
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.DeleteAsync(_ann.Id, "b", Cancellation));
        await RefusedAsync(NamespaceRefusal.Cannot, Names.DeleteAsync(_ann.Id, "INBOX", Cancellation));
    }

    [Fact]
    public async Task Never_gives_a_name_its_old_uidvalidity_or_id_again()
    {
        var first = await DoneAsync(Names.CreateAsync(_ann.Id, "a", SpecialUse.None, Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "a", Cancellation));
        var second = await DoneAsync(Names.CreateAsync(_ann.Id, "a", SpecialUse.None, Cancellation));

        Assert.True(second.UidValidity.Value > first.UidValidity.Value);
        Assert.True(second.Id.Value > first.Id.Value);
    }

    [Fact]
    public async Task Finishes_a_removal_that_was_interrupted()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a", SpecialUse.None, Cancellation));
        await DeliverToAsync("a", 2);
        await using (var tables = _scene.OpenTables())
            await tables.Database.ExecuteSqlRawAsync("UPDATE mailbox SET removed_at = 1 WHERE name = 'a'", Cancellation);

        await _scene.StartAsync();
        await MdaScene.UntilAsync(() =>
        {
            using var tables = _scene.OpenTables();
            return !tables.Mailboxes.Any(mailbox => mailbox.Name == "a") && !tables.Messages.Any();
        });
        await _scene.StopAsync();
    }

    [Fact]
    public async Task Renames_a_mailbox_with_those_below_it_and_their_subscriptions()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a/b/c", SpecialUse.None, Cancellation));
        await DoneAsync(Names.CreateAsync(_ann.Id, "ab", SpecialUse.None, Cancellation));
        await DoneAsync(Names.SubscribeAsync(_ann.Id, "a/b", Cancellation));
        var before = (await Names.ResolveAsync(_ann.Id, "a/b", Cancellation))!;

        await DoneAsync(Names.RenameAsync(_ann.Id, "a", "x/y", Cancellation));

        Assert.Equal(["ab", "x", "x/y", "x/y/b", "x/y/b/c"], (await OwnAsync(_ann)).Where(name => name[0] is 'a' or 'x'));
        var after = (await Names.ResolveAsync(_ann.Id, "x/y/b", Cancellation))!;
        Assert.Equal((before.Id, before.UidValidity), (after.Id, after.UidValidity));
        var subscribed = (await Names.ListAsync(_ann.Id, Cancellation)).Subscribed;
        Assert.Contains("x/y/b", subscribed);
        Assert.DoesNotContain("a/b", subscribed);
    }

    [Fact]
    public async Task Renames_a_tree_onto_names_that_it_has_itself()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a/b/b/c", SpecialUse.None, Cancellation));
        await DoneAsync(Names.CreateAsync(_ann.Id, "a/b/c", SpecialUse.None, Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "a", Cancellation));

        await DoneAsync(Names.RenameAsync(_ann.Id, "a/b", "a", Cancellation));

        Assert.Equal(["a", "a/b", "a/b/c", "a/c"], (await OwnAsync(_ann)).Where(name => name[0] == 'a'));
    }

    [Fact]
    public async Task Refuses_to_rename_what_would_not_be_a_tree()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a/x", SpecialUse.None, Cancellation));
        await DoneAsync(Names.CreateAsync(_ann.Id, "b/x", SpecialUse.None, Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "b", Cancellation));

        await RefusedAsync(NamespaceRefusal.Cannot, Names.RenameAsync(_ann.Id, "a", "a/b", Cancellation));
        await RefusedAsync(NamespaceRefusal.AlreadyExists, Names.RenameAsync(_ann.Id, "a", "Sent", Cancellation));
        await RefusedAsync(NamespaceRefusal.AlreadyExists, Names.RenameAsync(_ann.Id, "a", "a", Cancellation));
        await RefusedAsync(NamespaceRefusal.AlreadyExists, Names.RenameAsync(_ann.Id, "a", "b", Cancellation));
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.RenameAsync(_ann.Id, "c", "d", Cancellation));
        await RefusedAsync(NamespaceRefusal.Cannot, Names.RenameAsync(_ann.Id, "a", "Other Users/ben@example.org/a", Cancellation));
        await RefusedAsync(NamespaceRefusal.Cannot, Names.RenameAsync(_ann.Id, "a", new string('y', 999), Cancellation));
        Assert.Equal(["a", "a/x", "b/x"], (await OwnAsync(_ann)).Where(name => name[0] is 'a' or 'b' or 'y'));
    }

    [Fact]
    public async Task Renaming_INBOX_moves_its_messages_and_leaves_it_empty()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "INBOX/sub", SpecialUse.None, Cancellation));
        await _scene.DeliverAsync(MdaScene.Message("one"), "ann@example.org");
        await _scene.DeliverAsync(MdaScene.Message("two"), "ann@example.org");
        var inbox = await _scene.MailboxAsync(_ann);

        var target = await DoneAsync(Names.RenameAsync(_ann.Id, "INBOX", "old/mail", Cancellation));

        var after = await _scene.MailboxAsync(_ann);
        Assert.Equal((inbox.Id, inbox.UidValidity, inbox.UidNext, 0), (after.Id, after.UidValidity, after.UidNext, after.Messages));
        Assert.Equal(2, (await Names.ResolveListedAsync(_ann.Id, "old/mail", Cancellation))!.Counters.Messages);
        Assert.NotEqual(inbox.Id, target.Id);
        Assert.Contains("INBOX/sub", await OwnAsync(_ann));
    }

    [Fact]
    public async Task Keeps_subscriptions_of_what_is_gone_until_they_are_taken_off()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "a", SpecialUse.None, Cancellation));
        await DoneAsync(Names.SubscribeAsync(_ann.Id, "a", Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "a", Cancellation));

        Assert.Contains("a", (await Names.ListAsync(_ann.Id, Cancellation)).Subscribed);
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.SubscribeAsync(_ann.Id, "b", Cancellation));
        Assert.True(await Names.UnsubscribeAsync(_ann.Id, "a", Cancellation));
        Assert.False(await Names.UnsubscribeAsync(_ann.Id, "a", Cancellation));
    }

    [Fact]
    public async Task Shows_what_others_share_and_nothing_else()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "team", SpecialUse.None, Cancellation));
        Assert.Null(await Names.ResolveAsync(_ben.Id, "Other Users/ann@example.org/team", Cancellation));

        await DoneAsync(Access.SetAsync(_ann.Id, "team", "ben@example.org", RightsChange.Replace, RightsLetters.Read("lr"), Cancellation));
        var shared = (await Names.ResolveAsync(_ben.Id, "Other Users/ann@example.org/team", Cancellation))!;

        Assert.Equal(("Other Users/ann@example.org/team", _ann.Id, "lr"), (shared.Name, shared.Owner, RightsLetters.Format(shared.Rights)));
        Assert.Equal(shared, (await Names.ListAsync(_ben.Id, Cancellation)).Mailboxes[^1].Handle);
        Assert.Equal(shared, await Names.FindAsync(_ben.Id, shared.Id, Cancellation));
        Assert.Null(await Names.ResolveAsync(_ben.Id, "Other Users/ann@example.org/INBOX", Cancellation));
        await DoneAsync(Access.SetAsync(_ann.Id, "team", "ben@example.org", RightsChange.Remove, MailboxRights.All, Cancellation));
        Assert.Null(await Names.FindAsync(_ben.Id, shared.Id, Cancellation));
    }

    [Fact]
    public async Task Hands_the_access_list_down_and_asks_for_k_and_x()
    {
        await DoneAsync(Names.CreateAsync(_ann.Id, "team", SpecialUse.None, Cancellation));
        await DoneAsync(Access.SetAsync(_ann.Id, "team", "ben@example.org", RightsChange.Replace, RightsLetters.Read("lr"), Cancellation));
        const string Below = "Other Users/ann@example.org/team/x";
        await RefusedAsync(NamespaceRefusal.NoPermission, Names.CreateAsync(_ben.Id, Below, SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.CreateAsync(_ben.Id, "Other Users/ann@example.org/x", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.CreateAsync(_ben.Id, "Other Users/ann@example.org/Sent", SpecialUse.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.CreateAsync(_ben.Id, "Other Users/eve@example.org/x/y", SpecialUse.None, Cancellation));

        await DoneAsync(Access.SetAsync(_ann.Id, "team", "ben@example.org", RightsChange.Add, MailboxRights.Create, Cancellation));
        var made = await DoneAsync(Names.CreateAsync(_ben.Id, Below, SpecialUse.None, Cancellation));
        Assert.Equal((_ann.Id, "lrk"), (made.Owner, RightsLetters.Format(made.Rights)));
        await RefusedAsync(NamespaceRefusal.NoPermission, Names.DeleteAsync(_ben.Id, Below, Cancellation));
        await RefusedAsync(NamespaceRefusal.NoPermission, Names.RenameAsync(_ben.Id, Below, "Other Users/ann@example.org/team/y", Cancellation));

        await DoneAsync(Access.SetAsync(_ann.Id, "team/x", "anyone", RightsChange.Replace, MailboxRights.DeleteMailbox, Cancellation));
        await DoneAsync(Names.RenameAsync(_ben.Id, Below, "Other Users/ann@example.org/team/y", Cancellation));
        await DoneAsync(Names.DeleteAsync(_ben.Id, "Other Users/ann@example.org/team/y", Cancellation));
    }

    [Fact]
    public async Task Never_locks_the_owner_out()
    {
        await RefusedAsync(NamespaceRefusal.Cannot, Access.SetAsync(_ann.Id, "INBOX", "ann@example.org", RightsChange.Replace, MailboxRights.None, Cancellation));
        await RefusedAsync(NamespaceRefusal.Cannot, Access.SetAsync(_ann.Id, "INBOX", "-Ann@example.org", RightsChange.Replace, MailboxRights.All, Cancellation));
        await DoneAsync(Access.SetAsync(_ann.Id, "INBOX", "-anyone", RightsChange.Replace, MailboxRights.All, Cancellation));

        Assert.Equal(MailboxRights.All, (await Names.ResolveAsync(_ann.Id, "INBOX", Cancellation))!.Rights);
        await RefusedAsync(NamespaceRefusal.Cannot, Access.SetAsync(_ann.Id, "INBOX", "nobody@example.org", RightsChange.Replace, MailboxRights.Read, Cancellation));
    }

    [Fact]
    public async Task Gives_what_was_shared_with_an_account_to_nobody_who_has_its_address_later()
    {
        await DoneAsync(Access.SetAsync(_ann.Id, "INBOX", "ben@example.org", RightsChange.Replace, MailboxRights.All, Cancellation));
        await _scene.Accounts.RemoveAsync(_ben.Address, Cancellation);
        var other = await _scene.AddAccountAsync("ben@example.org");

        Assert.Null(await Names.ResolveAsync(other.Id, "Other Users/ann@example.org/INBOX", Cancellation));
        await using var tables = _scene.OpenTables();
        Assert.Empty(await tables.Set<Mda.Store.Model.AclRow>().ToListAsync(Cancellation));
        Assert.Equal(12, await tables.Set<Mda.Store.Model.SubscriptionRow>().CountAsync(Cancellation));
    }

    [Fact]
    public async Task Tells_of_changes_after_their_commit()
    {
        var told = new List<NamespaceChanged>();
        using var subscription = _scene.Services.GetRequiredService<NamespaceChanges>().Subscribe(told.Add);

        await DoneAsync(Names.CreateAsync(_ann.Id, "a/b", SpecialUse.None, Cancellation));
        await DoneAsync(Names.SubscribeAsync(_ann.Id, "a", Cancellation));
        await DoneAsync(Names.RenameAsync(_ann.Id, "a/b", "c", Cancellation));
        await DoneAsync(Names.DeleteAsync(_ann.Id, "c", Cancellation));
        await Names.UnsubscribeAsync(_ann.Id, "a", Cancellation);
        await RefusedAsync(NamespaceRefusal.NonExistent, Names.DeleteAsync(_ann.Id, "c", Cancellation));

        Assert.Equal(
            [(NamespaceEvent.Created, "a", null), (NamespaceEvent.Created, "a/b", null), (NamespaceEvent.Subscribed, "a", null), (NamespaceEvent.Renamed, "c", "a/b"), (NamespaceEvent.Deleted, "c", null), (NamespaceEvent.Unsubscribed, "a", null)],
            told.Select(change => (change.Event, change.Name, change.Subject)));
    }

    private static async Task<MailboxHandle> DoneAsync(Task<NamespaceOutcome> change) => Assert.IsType<NamespaceOutcome.Done>(await change).Mailbox;

    private static async Task RefusedAsync(NamespaceRefusal why, Task<NamespaceOutcome> change) => Assert.Equal(why, Assert.IsType<NamespaceOutcome.Refused>(await change).Why);

    private async Task<IReadOnlyList<string>> OwnAsync(Account account) =>
        [.. (await Names.ListAsync(account.Id, Cancellation)).Mailboxes.Where(mailbox => mailbox.Handle.Owner == account.Id).Select(mailbox => mailbox.Handle.Name)];

    private async Task DeliverToAsync(string name, int count)
    {
        var mailbox = (await Names.ResolveAsync(_ann.Id, name, Cancellation))!;
        for (var i = 0; i < count; i++)
            await _scene.Mailboxes.AppendAsync(_ann.Id, mailbox.Id, new MessageAppend(DeliveryId.New(_scene.Clock), MdaScene.Message(), MessageFlags.None, null, null), Cancellation);
    }
}
