using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>NAMESPACE, CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE.</summary>
public sealed class NamespaceTests
{
    [Theory, EveryChunking]
    public Task Tells_its_namespaces(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a NAMESPACE
        S: * NAMESPACE (("" "/")) (("Other Users/" "/")) NIL
        S: a OK That is all.
        C: b NAMESPACE x
        S: b BAD This command takes no arguments.
        """);

    [Theory, EveryChunking]
    public Task Makes_renames_and_deletes_mailboxes(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE work/plans/
        S: a OK [MAILBOXID (F*)] The mailbox is there.
        C: b CREATE work
        S: b NO [ALREADYEXISTS] There is such a mailbox already.
        C: c CREATE inbox
        S: c NO [ALREADYEXISTS] There is such a mailbox already.
        C: d CREATE "a//b"
        S: d NO [CANNOT] A level of a mailbox name is not empty.
        C: e RENAME work play
        S: e OK The mailbox has its new name.
        C: f LIST "" p*
        S: * LIST (\HasChildren) "/" play
        S: * LIST (\HasNoChildren) "/" play/plans
        S: f OK That is all.
        C: g RENAME play play/x
        S: g NO [CANNOT] A mailbox cannot be moved below itself.
        C: h RENAME nothing x
        S: h NO [NONEXISTENT] There is no such mailbox.
        C: i DELETE play
        S: i OK The mailbox is gone.
        C: j DELETE play
        S: j NO [HASCHILDREN] This is no mailbox, only a level above others.
        C: k DELETE INBOX
        S: k NO [CANNOT] INBOX cannot be deleted.
        C: l DELETE
        S: l BAD The arguments are not those of this command.
        C: m RENAME play
        S: m BAD The arguments are not those of this command.
        """);

    [Theory, EveryChunking]
    public Task Gives_a_special_use_when_a_mailbox_is_made(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE Gesendet (USE (\Sent))
        S: a NO [USEATTR] Another mailbox is \Sent already.
        C: b CREATE x (USE (\All))
        S: b NO [USEATTR] No mailbox can be made \All.
        C: c CREATE x (USE (\Sent \Trash))
        S: c NO [USEATTR] A mailbox has one special use, of those that CREATE can give.
        C: d CREATE x (USE (\Odd))
        S: d NO [USEATTR] A mailbox has one special use, of those that CREATE can give.
        C: e DELETE Sent
        S: e OK The mailbox is gone.
        C: f CREATE Gesendet (USE (\Sent))
        S: f OK [MAILBOXID (F*)] The mailbox is there.
        C: g LIST (SPECIAL-USE) "" G*
        S: * LIST (\HasNoChildren \Sent) "/" Gesendet
        S: g OK That is all.
        C: h CREATE y (USE \Sent)
        S: h BAD The arguments are not those of this command.
        C: i CREATE z (USE ())
        S: i OK [MAILBOXID (F*)] The mailbox is there.
        """);

    [Theory, EveryChunking]
    public Task Subscribes(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE new
        S: a OK *
        C: b LSUB "" new
        S: b OK That is all.
        C: c SUBSCRIBE new
        S: c OK Subscribed.
        C: d LSUB "" new
        S: * LSUB () "/" new
        S: d OK That is all.
        C: e SUBSCRIBE nothing
        S: e NO [NONEXISTENT] There is no such mailbox.
        C: f UNSUBSCRIBE new
        S: f OK Not subscribed.
        C: g UNSUBSCRIBE nothing
        S: g OK Not subscribed.
        C: h LSUB "" new
        S: h OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Names_are_modified_UTF7_until_the_client_says_otherwise(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE Entw&APw-rfe
        S: a OK *
        C: b LIST "" Ent%
        S: * LIST (\HasNoChildren) "/" Entw&APw-rfe
        S: b OK That is all.
        C: c CREATE "R&-D"
        S: c OK *
        C: d ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: d OK Done.
        C: e LIST "" (Ent% R*)
        S: * LIST (\HasNoChildren) "/" "Entwürfe"
        S: * LIST (\HasNoChildren) "/" R&D
        S: e OK That is all.
        """);

    [Fact]
    public async Task Tells_the_name_that_became_of_the_clients_one()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        await client.OkAsync("ENABLE IMAP4rev2");

        Assert.Equal("LIST () \"/\" \"Caf\u00e9\" (\"OLDNAME\" (\"Cafe\u0301\"))", Assert.Single(await client.OkAsync("CREATE \"Cafe\u0301\"")));
        Assert.Empty(await client.OkAsync("CREATE \"\u00e9\""));
    }

    [Fact]
    public async Task Has_so_many_mailboxes_as_the_option_says()
    {
        await using var scene = new ImapScene(mda: options => options with { MaxMailboxes = 10 });
        await using var client = await scene.SignInAsync();

        await client.OkAsync("CREATE a/b/c/d");
        Assert.Equal("NO [LIMIT] An account has at most 10 mailboxes.", await client.NoAsync("CREATE e"));
    }

    [Theory]
    [InlineData("CREATE x")]
    [InlineData("LIST \"\" *")]
    [InlineData("STATUS INBOX (MESSAGES)")]
    [InlineData("SETACL INBOX anyone lr")]
    [InlineData("GETMETADATA \"\" /shared/comment")]
    [InlineData("GETQUOTAROOT INBOX")]
    [InlineData("NAMESPACE")]
    public async Task Needs_somebody_who_has_signed_in(string command)
    {
        await using var scene = new ImapScene();
        await using var client = await scene.ConnectAsync();

        Assert.Equal("BAD Sign in first.", await client.BadAsync(command));
    }
}
