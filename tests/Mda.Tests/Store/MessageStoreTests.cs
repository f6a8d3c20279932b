using MailSuite.Mda.Store;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Store;

public sealed class MessageStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replaces_adds_and_removes_flags_and_keywords_without_regard_to_their_case()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 2);

        await Change(FlagChangeMode.Add, MessageFlags.Seen, "Work", "$Junk");
        Assert.Equal((MessageFlags.Seen, "$Junk Work"), await FlagsAsync(scene, inbox, 1));
        await Change(FlagChangeMode.Add, MessageFlags.Flagged, "work", "later");
        Assert.Equal((MessageFlags.Seen | MessageFlags.Flagged, "$Junk later Work"), await FlagsAsync(scene, inbox, 1));
        await Change(FlagChangeMode.Remove, MessageFlags.Seen, "$JUNK");
        Assert.Equal((MessageFlags.Flagged, "later Work"), await FlagsAsync(scene, inbox, 1));
        await Change(FlagChangeMode.Replace, MessageFlags.Draft, "Other");
        Assert.Equal((MessageFlags.Draft, "Other"), await FlagsAsync(scene, inbox, 1));
        await Change(FlagChangeMode.Replace, MessageFlags.None);
        Assert.Equal((MessageFlags.None, string.Empty), await FlagsAsync(scene, inbox, 1));
        Assert.Equal((MessageFlags.None, string.Empty), await FlagsAsync(scene, inbox, 2));

        async Task Change(FlagChangeMode mode, MessageFlags flags, params string[] keywords) =>
            Assert.Equal(StoreResult.Done, (await store.StoreFlagsAsync(inbox, [1], new FlagChange(mode, flags, keywords), null, Cancellation)).Result);
    }

    [Fact]
    public async Task Takes_a_modseq_for_those_that_change_and_none_when_nothing_does()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 3);
        var seen = new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, ["k"]);
        await store.StoreFlagsAsync(inbox, [2], seen, null, Cancellation);

        var storing = await store.StoreFlagsAsync(inbox, [1, 2, 3, 9], seen, null, Cancellation);
        var again = await store.StoreFlagsAsync(inbox, [1, 2, 3], seen, null, Cancellation);

        Assert.Equal((3, 3), (storing.There, again.There));
        using var open = await scene.Store.Open.OpenAsync(inbox, Cancellation);
        Assert.Equal([6L, 5, 6], Enumerable.Range(0, 3).Select(i => open!.Current[i].ModSeq));
        Assert.Equal(6, open!.Current.HighestModSeq);
    }

    [Fact]
    public async Task Leaves_and_names_messages_that_changed_since_the_client_looked()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 3);
        using var open = await scene.Store.Open.OpenAsync(inbox, Cancellation);
        var looked = open!.Current.HighestModSeq;
        await store.StoreFlagsAsync(inbox, [2], new FlagChange(FlagChangeMode.Add, MessageFlags.Answered, []), null, Cancellation);

        var storing = await store.StoreFlagsAsync(inbox, [1, 2, 3], new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, []), looked, Cancellation);

        Assert.Equal([2u], storing.Modified);
        Assert.Equal([MessageFlags.Seen, MessageFlags.Answered, MessageFlags.Seen], Enumerable.Range(0, 3).Select(i => open.Current[i].Flags));
        var none = await store.StoreFlagsAsync(inbox, [1, 2, 3], new FlagChange(FlagChangeMode.Add, MessageFlags.Draft, []), 0, Cancellation);
        Assert.Equal([1u, 2, 3], none.Modified);
    }

    [Theory]
    [InlineData(KeywordSets.MaxNames, StoreResult.Done)]
    [InlineData(KeywordSets.MaxNames + 1, StoreResult.TooManyKeywords)]
    public async Task Takes_keywords_up_to_the_limit(int keywords, object expected)
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 1);
        await store.StoreFlagsAsync(inbox, [1], new FlagChange(FlagChangeMode.Add, MessageFlags.None, ["k0"]), null, Cancellation);
        string[] names = [.. Enumerable.Range(1, keywords - 1).Select(i => $"k{i}")];

        var storing = await store.StoreFlagsAsync(inbox, [1], new FlagChange(FlagChangeMode.Add, MessageFlags.None, names), null, Cancellation);
        var appending = await store.AppendAsync(inbox, [(await StagedAsync(scene, "a")) with { Keywords = [.. names, "k0"] }], Cancellation);

        Assert.Equal(expected, storing.Result);
        Assert.Equal(expected, appending.Result);
    }

    [Fact]
    public async Task Takes_keywords_up_to_their_length_and_sets_up_to_their_number()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 1);

        Assert.Equal(StoreResult.Done, await AddAsync(new string('a', KeywordSets.MaxNameOctets)));
        Assert.Equal(StoreResult.TooManyKeywords, await AddAsync(new string('b', KeywordSets.MaxNameOctets + 1)));
        await scene.Store.WriteAsync(
            turn =>
            {
                turn.Connection.Execute($"INSERT INTO keyword_set (id, names) VALUES ({KeywordSets.MaxSets - 1}, 'many')");
                return true;
            },
            takesSpace: false,
            Cancellation);
        Assert.Equal(StoreResult.Done, await AddAsync("last"));
        Assert.Equal(StoreResult.TooManyKeywords, await AddAsync("more"));
        Assert.Equal(StoreResult.Done, await AddAsync("many"));

        async Task<StoreResult> AddAsync(string keyword) =>
            (await store.StoreFlagsAsync(inbox, [1], new FlagChange(FlagChangeMode.Replace, MessageFlags.None, [keyword]), null, Cancellation)).Result;
    }

    [Fact]
    public async Task Copies_all_with_flags_and_keywords_to_new_uids_and_shares_the_octets()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 3);
        var ann = (await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var trash = await scene.MailboxAsync(ann, SpecialUse.Trash);
        await store.StoreFlagsAsync(inbox, [2], new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, ["Work"]), null, Cancellation);

        var transfer = await store.CopyAsync(inbox, [3, 2, 2, 9], trash.Id, Cancellation);
        var again = await store.CopyAsync(inbox, [2], inbox, Cancellation);

        Assert.Equal((StoreResult.Done, trash.UidValidity), (transfer.Result, transfer.UidValidity));
        Assert.Equal([2u, 3], transfer.Sources);
        Assert.Equal([1u, 2], transfer.Targets);
        Assert.Equal([4u], again.Targets);
        Assert.Equal((MessageFlags.Seen, "Work"), await FlagsAsync(scene, trash.Id, 1));
        await using var tables = scene.OpenTables();
        Assert.Equal([1L, 3, 2], tables.Bodies.OrderBy(body => body.Id).Select(body => body.Refs));
        Assert.Equal(6, tables.Accounts.Single().Messages);
        Assert.Equal(tables.Messages.Sum(message => message.Octets), tables.Accounts.Single().Octets);
        Assert.Equal(1, tables.Messages.Where(message => message.BodyId == 2).Select(message => message.ThreadId).Distinct().Count());
    }

    [Fact]
    public async Task Moves_to_a_mailbox_of_another_account_and_the_quota_with_it()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 3);
        var ben = await scene.AddAccountAsync("ben@example.org");
        var his = await scene.MailboxAsync(ben);

        var transfer = await store.MoveAsync(inbox, [1, 3], his.Id, Cancellation);

        Assert.Equal([1u, 3], transfer.Sources);
        Assert.Equal([1u, 2], transfer.Targets);
        Assert.Equal(2, (await scene.MessagesAsync(ben)).Count);
        await using var tables = scene.OpenTables();
        Assert.Equal([1L, 2], tables.Accounts.OrderBy(account => account.Id).Select(account => account.Messages));
        foreach (var account in tables.Accounts.ToList())
            Assert.Equal(tables.Messages.Where(message => message.AccountId == account.Id).Sum(message => message.Octets), account.Octets);
        Assert.Equal([1L, 3], tables.Expunged.OrderBy(row => row.Uid).Select(row => row.Uid));
    }

    [Fact]
    public async Task Copies_and_moves_nothing_into_an_account_that_has_no_room()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 3);
        var ben = await scene.AddAccountAsync("ben@example.org");
        var his = (await scene.MailboxAsync(ben)).Id;
        await SetQuotaAsync(scene, ben, octets: null, messages: 2);

        Assert.Equal(StoreResult.OverQuota, (await store.CopyAsync(inbox, [1, 2, 3], his, Cancellation)).Result);
        Assert.Equal(StoreResult.OverQuota, (await store.MoveAsync(inbox, [1, 2, 3], his, Cancellation)).Result);
        Assert.Empty(await scene.MessagesAsync(ben));
        Assert.Equal(StoreResult.Done, (await store.CopyAsync(inbox, [1, 2], his, Cancellation)).Result);

        await SetQuotaAsync(scene, ben, octets: 1, messages: null);
        Assert.Equal(StoreResult.OverQuota, (await store.MoveAsync(inbox, [1], his, Cancellation)).Result);
        var ann = (await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        Assert.Equal(3, (await scene.MessagesAsync(ann)).Count);
    }

    [Fact]
    public async Task Says_which_mailbox_is_gone()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 1);
        var nowhere = new MailboxId(999);

        Assert.Equal(StoreResult.Gone, (await store.CopyAsync(nowhere, [1], inbox, Cancellation)).Result);
        Assert.Equal(StoreResult.TargetGone, (await store.CopyAsync(inbox, [1], nowhere, Cancellation)).Result);
        Assert.Equal(StoreResult.TargetGone, (await store.MoveAsync(inbox, [1], nowhere, Cancellation)).Result);
        Assert.Equal(StoreResult.Gone, (await store.StoreFlagsAsync(nowhere, [1], new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, []), null, Cancellation)).Result);
        Assert.Equal(StoreResult.Gone, (await store.ExpungeAsync(nowhere, [1], onlyDeleted: false, Cancellation)).Result);
        Assert.Equal(StoreResult.TargetGone, (await store.AppendAsync(nowhere, [await StagedAsync(scene, "a")], Cancellation)).Result);
    }

    [Fact]
    public async Task Expunges_only_what_is_still_deleted_when_that_is_asked()
    {
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 3);
        await store.StoreFlagsAsync(inbox, [1, 3], new FlagChange(FlagChangeMode.Add, MessageFlags.Deleted, []), null, Cancellation);

        Assert.Equal([1u, 3], (await store.ExpungeAsync(inbox, [1, 2, 3], onlyDeleted: true, Cancellation)).Uids);
        Assert.Equal([2u], (await store.ExpungeAsync(inbox, [1, 2, 3], onlyDeleted: false, Cancellation)).Uids);
        await using var tables = scene.OpenTables();
        Assert.Empty(tables.Bodies);
        Assert.Equal((0L, 0L), (tables.Accounts.Single().Octets, tables.Accounts.Single().Messages));
    }

    [Fact]
    public async Task Appends_many_with_keywords_dates_and_a_save_date_or_none_of_them()
    {
        await using var scene = new MdaScene(options => options with { QuotaMessages = 3 });
        var (store, inbox) = await WithMailAsync(scene, 1);
        var first = (await StagedAsync(scene, "first", MessageFlags.Seen)) with { Keywords = ["b", "A"], InternalDate = DateTimeOffset.UnixEpoch };

        var appending = await store.AppendAsync(inbox, [first, await StagedAsync(scene, "second")], Cancellation);
        var refused = await store.AppendAsync(inbox, [await StagedAsync(scene, "third")], Cancellation);

        Assert.Equal([2u, 3], appending.Uids);
        Assert.Equal((MessageFlags.Seen, "A b"), await FlagsAsync(scene, inbox, 2));
        Assert.Equal(StoreResult.OverQuota, refused.Result);
        await using var tables = scene.OpenTables();
        Assert.Equal(3, tables.Bodies.Count());
        var row = tables.Messages.Single(message => message.Uid == 2);
        Assert.Equal(0, row.InternalDate);
        Assert.InRange(row.SaveDate, DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Leaves_no_file_of_a_large_message_that_is_refused()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 10, QuotaMessages = 1 });
        var (store, inbox) = await WithMailAsync(scene, 1);

        Assert.Equal(StoreResult.OverQuota, (await store.AppendAsync(inbox, [await StagedAsync(scene, "a"), await StagedAsync(scene, "b")], Cancellation)).Result);

        await MdaScene.UntilAsync(() => Directory.GetFiles(Path.Combine(scene.Directory, "bodies"), "*", SearchOption.AllDirectories).Length == 1);
    }

    [Fact]
    public async Task Changes_more_messages_than_one_transaction_takes()
    {
        const int Many = MessageStore.MaxChunk + 7;
        await using var scene = new MdaScene();
        var (store, inbox) = await WithMailAsync(scene, 0);
        var ann = (await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var trash = (await scene.MailboxAsync(ann, SpecialUse.Trash)).Id;
        var message = await StagedAsync(scene, "a");
        await store.AppendAsync(inbox, [.. Enumerable.Repeat(message, Many)], Cancellation);
        uint[] uids = [.. Enumerable.Range(1, Many).Select(uid => (uint)uid)];

        Assert.Equal(Many, (await store.StoreFlagsAsync(inbox, uids, new FlagChange(FlagChangeMode.Add, MessageFlags.Seen, []), null, Cancellation)).There);
        Assert.Equal(uids, (await store.CopyAsync(inbox, uids, trash, Cancellation)).Targets);
        Assert.Equal(uids, (await store.MoveAsync(trash, uids, inbox, Cancellation)).Sources);
        Assert.Equal(uids, (await store.ExpungeAsync(inbox, uids, onlyDeleted: false, Cancellation)).Uids);

        Assert.Equal((Many, 0), ((await scene.MailboxAsync(ann)).Messages, (await scene.MailboxAsync(ann)).Unseen));
    }

    [Fact]
    public async Task Remembers_since_when_an_account_is_full_until_something_fits()
    {
        await using var scene = new MdaScene(options => options with { QuotaMessages = 1 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await using var tables = scene.OpenTables();
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.Null(Since());

        Assert.IsType<LocalDeliveryOutcome.Deferred>(Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org")));
        var since = Since();
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        Assert.NotNull(since);
        Assert.Equal(since, Since());
        await scene.Mailboxes.ExpungeAsync(ann.Id, (await scene.MailboxAsync(ann)).Id, [new Uid(1)], Cancellation);

        Assert.Null(Since());

        long? Since() => tables.Accounts.Select(account => account.OverQuotaSince).Single();
    }

    internal static async Task<NewMessage> StagedAsync(MdaScene scene, string subject, MessageFlags flags = MessageFlags.None) =>
        await scene.Services.GetRequiredService<MessageStaging>().StageAsync(
            null, null, default, MdaScene.Octets($"Subject: {subject}\r\n\r\nText.\r\n"), flags, scene.Clock.GetUtcNow(), Cancellation);

    private static async Task<(MessageStore Store, MailboxId Inbox)> WithMailAsync(MdaScene scene, int messages)
    {
        var ann = await scene.AddAccountAsync("ann@example.org");
        for (var i = 0; i < messages; i++)
            await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        return (scene.Services.GetRequiredService<MessageStore>(), (await scene.MailboxAsync(ann)).Id);
    }

    private static async Task<(MessageFlags Flags, string Keywords)> FlagsAsync(MdaScene scene, MailboxId mailbox, uint uid)
    {
        using var open = await scene.Store.Open.OpenAsync(mailbox, Cancellation);
        var entry = open!.Current[open.Current.IndexOf(uid)];
        return (entry.Flags, scene.Store.Keywords[entry.Keywords].Text);
    }

    private static Task SetQuotaAsync(MdaScene scene, Account account, long? octets, long? messages) => scene.Store.WriteAsync(
        turn => Mda.Store.Sqlite.AccountQuotaStatements.Set(turn, account.Id, octets, messages), takesSpace: false, Cancellation);
}
