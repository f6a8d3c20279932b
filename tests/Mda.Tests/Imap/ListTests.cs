using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>LIST and LSUB: which names.</summary>
public sealed class ListTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, EveryChunking]
    public Task Tells_mailboxes_with_their_children_and_uses(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE INBOX/a/b
        S: a OK *
        C: b LIST "" *
        S: * LIST (\HasChildren) "/" INBOX
        S: * LIST (\HasNoChildren \Archive) "/" Archive
        S: * LIST (\HasNoChildren \Drafts) "/" Drafts
        S: * LIST (\HasChildren) "/" INBOX/a
        S: * LIST (\HasNoChildren) "/" INBOX/a/b
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: * LIST (\HasNoChildren \Trash) "/" Trash
        S: b OK That is all.
        C: c LIST "" %
        S: * LIST (\HasChildren) "/" INBOX
        S: * LIST (\HasNoChildren \Archive) "/" Archive
        S: * LIST (\HasNoChildren \Drafts) "/" Drafts
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: * LIST (\HasNoChildren \Trash) "/" Trash
        S: c OK That is all.
        C: d LIST inbox/ %
        S: * LIST (\HasChildren) "/" INBOX/a
        S: d OK That is all.
        C: e LIST "" "inbox"
        S: * LIST (\HasChildren) "/" INBOX
        S: e OK That is all.
        C: f LIST "" nothing
        S: f OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Tells_the_separator(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a LIST "" ""
        S: * LIST (\Noselect) "/" ""
        S: a OK That is all.
        C: b LIST "Other Users/x" ""
        S: * LIST (\Noselect) "/" "Other Users/"
        S: b OK That is all.
        C: c LSUB "" ""
        S: * LSUB (\Noselect) "/" ""
        S: c OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Tells_levels_that_are_no_mailboxes(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE x/y
        S: a OK *
        C: b DELETE x
        S: b OK *
        C: c LIST "" x%
        S: * LIST (\HasChildren \Noselect) "/" x
        S: c OK That is all.
        C: d LIST "" (x%)
        S: * LIST (\HasChildren \NonExistent) "/" x
        S: d OK That is all.
        C: e ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: e OK *
        C: f LIST "" x%
        S: * LIST (\HasChildren \NonExistent) "/" x
        S: f OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Selects_what_is_subscribed(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE x/y
        S: a OK *
        C: b SUBSCRIBE x/y
        S: b OK *
        C: c CREATE gone
        S: c OK *
        C: d SUBSCRIBE gone
        S: d OK *
        C: e DELETE gone
        S: e OK *
        C: f LIST (SUBSCRIBED) "" (x* g* D*)
        S: * LIST (\HasNoChildren \Subscribed \Drafts) "/" Drafts
        S: * LIST (\HasNoChildren \NonExistent \Subscribed) "/" gone
        S: * LIST (\HasNoChildren \Subscribed) "/" x/y
        S: f OK That is all.
        C: g LIST "" (x* g*) RETURN (SUBSCRIBED CHILDREN)
        S: * LIST (\HasChildren) "/" x
        S: * LIST (\HasNoChildren \Subscribed) "/" x/y
        S: g OK That is all.
        C: h LSUB "" (x*)
        S: h BAD The arguments are not those of this command.
        C: i LSUB "" x%
        S: * LSUB (\Noselect) "/" x
        S: i OK That is all.
        C: j LSUB "" x*
        S: * LSUB () "/" x/y
        S: j OK That is all.
        C: k LSUB "" gone
        S: * LSUB () "/" gone
        S: k OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Tells_levels_above_what_is_only_subscribed(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE x/y
        S: a OK *
        C: b SUBSCRIBE x/y
        S: b OK *
        C: c DELETE x/y
        S: c OK *
        C: d DELETE x
        S: d OK *
        C: e LIST "" x*
        S: e OK That is all.
        C: f LIST (SUBSCRIBED RECURSIVEMATCH) "" x%
        S: * LIST (\HasNoChildren \NonExistent) "/" x ("CHILDINFO" ("SUBSCRIBED"))
        S: f OK That is all.
        C: g LSUB "" x%
        S: * LSUB (\Noselect) "/" x
        S: g OK That is all.
        """);

    /// <summary>RFC 5258 §3.5, §5: the examples of RECURSIVEMATCH.</summary>
    [Theory, EveryChunking]
    public Task Tells_that_something_below_is_selected(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE Fruit/Peach
        S: a OK *
        C: b SUBSCRIBE Fruit/Peach
        S: b OK *
        C: c CREATE Vegetable/Corn
        S: c OK *
        C: d SUBSCRIBE Vegetable
        S: d OK *
        C: e SUBSCRIBE Vegetable/Corn
        S: e OK *
        C: f LIST (SUBSCRIBED RECURSIVEMATCH) "" (F% V%)
        S: * LIST (\HasChildren) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\HasChildren \Subscribed) "/" Vegetable ("CHILDINFO" ("SUBSCRIBED"))
        S: f OK That is all.
        C: g LIST (RECURSIVEMATCH SUBSCRIBED) "" (F* V*)
        S: * LIST (\HasNoChildren \Subscribed) "/" Fruit/Peach
        S: * LIST (\HasChildren \Subscribed) "/" Vegetable ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\HasNoChildren \Subscribed) "/" Vegetable/Corn
        S: g OK That is all.
        C: h LIST (RECURSIVEMATCH) "" *
        S: h BAD The arguments are not those of this command.
        C: i LIST (REMOTE RECURSIVEMATCH) "" *
        S: i BAD The arguments are not those of this command.
        """);

    [Theory, EveryChunking]
    public Task Selects_special_uses(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a LIST (SPECIAL-USE REMOTE) "" (J* S* I*) RETURN (SPECIAL-USE)
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: a OK That is all.
        C: b LIST () "" Junk RETURN ()
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: b OK That is all.
        """);

    [Theory]
    [InlineData("LIST")]
    [InlineData("LIST \"\"")]
    [InlineData("LIST (X) \"\" *")]
    [InlineData("LIST \"\" ()")]
    [InlineData("LIST \"\" * RETURN")]
    [InlineData("LIST \"\" * RETURN (X)")]
    [InlineData("LIST \"\" * RETURN (STATUS)")]
    [InlineData("LIST \"\" * RETURN (STATUS ())")]
    [InlineData("LIST \"\" * RETURN (METADATA ())")]
    [InlineData("LIST \"\" * RETURN (METADATA (comment))")]
    [InlineData("LIST \"\" * x")]
    [InlineData("LIST (SUBSCRIBED \"\" *")]
    public async Task Refuses_what_is_no_question(string command)
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        Assert.Equal("BAD The arguments are not those of this command.", await client.BadAsync(command));
    }

    [Fact]
    public async Task Takes_64_patterns_at_most()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        Assert.Single(await client.OkAsync($"LIST \"\" ({string.Join(' ', Enumerable.Repeat("INBOX", 64))})"));
        await client.BadAsync($"LIST \"\" ({string.Join(' ', Enumerable.Repeat("INBOX", 65))})");
    }

    [Fact]
    public async Task Tells_what_others_share_below_their_addresses()
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        await ann.OkAsync("CREATE team/x");
        await ann.OkAsync("SETACL team/x ben@example.org lr");
        await ann.OkAsync("SETACL Sent ben@example.org l");

        Assert.Equal(
            ["LIST (\\HasChildren \\NonExistent) \"/\" \"Other Users\"",
             "LIST (\\HasChildren \\NonExistent) \"/\" \"Other Users/ann@example.org\"",
             "LIST (\\HasNoChildren \\Noselect) \"/\" \"Other Users/ann@example.org/Sent\"",
             "LIST (\\HasChildren \\NonExistent) \"/\" \"Other Users/ann@example.org/team\"",
             "LIST (\\HasNoChildren) \"/\" \"Other Users/ann@example.org/team/x\""],
            await ben.OkAsync("LIST () \"\" \"Other Users*\""));
        Assert.Equal(["LIST (\\HasNoChildren) \"/\" \"Other Users/ann@example.org/team/x\""], await ben.OkAsync("LIST \"Other Users/ann@example.org/\" team/%"));
        Assert.Empty(await ann.OkAsync("LIST \"\" Other*"));
    }

    [Fact]
    public async Task Tells_ten_thousand_mailboxes_with_their_status()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        var account = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        await scene.Mda.Store.WriteAsync(
            turn =>
            {
                for (var i = 0; i < 10_000; i++)
                    NamespaceChanging.Insert(turn, account.Id, $"all/{i}", SpecialUse.None, scene.Clock.GetUtcNow());
                return 0;
            },
            takesSpace: true,
            Cancellation);

        var responses = await client.OkAsync("LIST \"\" * RETURN (SUBSCRIBED STATUS (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ MAILBOXID))");

        // The level "all" is no mailbox and has no status.
        Assert.Equal(10_007 + 10_006, responses.Count);
        Assert.Equal(10_007, (await client.OkAsync("LIST \"\" *")).Count);
    }
}
