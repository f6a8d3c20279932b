using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>RFC 5464: GETMETADATA and SETMETADATA, of mailboxes and of the server.</summary>
public sealed class MetadataTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, EveryChunking]
    public Task Keeps_and_tells_values(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a SETMETADATA INBOX (/private/comment "mine" /Shared/Comment {4+}
        C: ours /private/vendor/x/a "1" /private/vendor/x/a/b "2" /private/vendor/x/a/b/c "3")
        S: a OK The values are set.
        C: b GETMETADATA INBOX /private/comment
        S: * METADATA INBOX (/private/comment "mine")
        S: b OK That is all.
        C: c GETMETADATA inbox (/shared/comment /private/none)
        S: * METADATA INBOX (/shared/comment "ours" /private/none NIL)
        S: c OK That is all.
        C: d GETMETADATA (DEPTH 1) INBOX /private/vendor/x/a
        S: * METADATA INBOX (/private/vendor/x/a "1" /private/vendor/x/a/b "2")
        S: d OK That is all.
        C: e GETMETADATA (DEPTH infinity) INBOX /private
        S: * METADATA INBOX (/private/comment "mine" /private/vendor/x/a "1" /private/vendor/x/a/b "2" /private/vendor/x/a/b/c "3")
        S: e OK That is all.
        C: f GETMETADATA (MAXSIZE 3 DEPTH infinity) INBOX /private
        S: * METADATA INBOX (/private/vendor/x/a "1" /private/vendor/x/a/b "2" /private/vendor/x/a/b/c "3")
        S: f OK [METADATA LONGENTRIES 4] Some values are longer.
        C: g SETMETADATA INBOX (/private/comment NIL)
        S: g OK The values are set.
        C: h GETMETADATA INBOX /private/comment
        S: * METADATA INBOX (/private/comment NIL)
        S: h OK That is all.
        """);

    [Theory, EveryChunking]
    public Task Changes_the_special_use(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a CREATE Old
        S: a OK *
        C: b SETMETADATA Old (/private/specialuse "\\Archive")
        S: b NO [USEATTR] The mailbox cannot have that special use.
        C: c SETMETADATA Archive (/private/specialuse NIL)
        S: c OK *
        C: d SETMETADATA Old (/private/specialuse "\\Archive")
        S: d OK *
        C: e LIST (SPECIAL-USE) "" (A* O*)
        S: * LIST (\HasNoChildren \Archive) "/" Old
        S: e OK That is all.
        C: f GETMETADATA Old /private/specialuse
        S: * METADATA Old (/private/specialuse "\\Archive")
        S: f OK That is all.
        C: g SETMETADATA INBOX (/private/specialuse "\\Archive")
        S: g NO [USEATTR] The mailbox cannot have that special use.
        """);

    [Theory]
    [InlineData("GETMETADATA INBOX comment")]
    [InlineData("GETMETADATA INBOX ()")]
    [InlineData("GETMETADATA INBOX")]
    [InlineData("GETMETADATA (DEPTH 2) INBOX /private")]
    [InlineData("GETMETADATA (MAXSIZE) INBOX /private")]
    [InlineData("GETMETADATA () INBOX /private")]
    [InlineData("SETMETADATA INBOX (/private/comment)")]
    [InlineData("SETMETADATA INBOX (/private \"x\")")]
    [InlineData("SETMETADATA INBOX (/private/* \"x\")")]
    [InlineData("SETMETADATA INBOX ()")]
    [InlineData("SETMETADATA INBOX (/private/comment x)")]
    public async Task Refuses_what_is_no_entry_and_no_value(string command)
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        Assert.Equal("BAD The arguments are not those of this command.", await client.BadAsync(command));
    }

    [Fact]
    public async Task A_value_has_64_KiB_at_most_and_may_have_NULs()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        var value = new string('x', 65_536);

        await client.OkAsync($"SETMETADATA INBOX (/private/a {{65536+}}\r\n{value})");
        Assert.Equal($"METADATA INBOX (/private/a {{65536}}\r\n{value})", Assert.Single(await client.OkAsync("GETMETADATA INBOX /private/a")));
        Assert.Equal("NO [METADATA MAXSIZE 65536] A value is too long.", await client.NoAsync($"SETMETADATA INBOX (/private/a {{65537+}}\r\n{value}x)"));
        await client.OkAsync("SETMETADATA INBOX (/private/a ~{3+}\r\na\0b)");
        Assert.Equal("METADATA INBOX (/private/a ~{3}\r\na\0b)", Assert.Single(await client.OkAsync("GETMETADATA INBOX /private/a")));
    }

    [Fact]
    public async Task An_account_has_1000_values_at_most_and_one_command_100()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        for (var i = 0; i < 10; i++)
            await client.OkAsync($"SETMETADATA INBOX ({string.Join(' ', Enumerable.Range(0, 100).Select(j => $"/private/{i}/{j} x"))})".Replace(" x", " \"x\"", StringComparison.Ordinal));

        Assert.Equal("NO [METADATA TOOMANY] There are too many values.", await client.NoAsync("SETMETADATA Sent (/private/a \"x\")"));
        await client.OkAsync("SETMETADATA INBOX (/private/0/0 \"y\")");
        await client.OkAsync("SETMETADATA Sent (/shared/a \"x\")");
        await client.OkAsync("SETMETADATA INBOX (/private/0/0 NIL)");
        await client.OkAsync("SETMETADATA Sent (/private/a \"x\")");
        await client.BadAsync($"SETMETADATA INBOX ({string.Join(' ', Enumerable.Range(0, 101).Select(j => $"/private/n/{j} NIL"))})");
    }

    [Fact]
    public async Task Private_values_are_each_persons_own_and_shared_ones_need_the_right_to_write()
    {
        await using var scene = new ImapScene();
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        const string Inbox = "\"Other Users/ann@example.org/INBOX\"";
        await ann.OkAsync("SETMETADATA INBOX (/private/comment \"ann's\" /shared/comment \"ours\")");

        Assert.StartsWith("NO [NONEXISTENT]", await ben.NoAsync($"GETMETADATA {Inbox} /shared/comment"), StringComparison.Ordinal);
        Assert.StartsWith("NO [NONEXISTENT]", await ben.NoAsync($"SETMETADATA {Inbox} (/private/comment \"x\")"), StringComparison.Ordinal);
        await ann.OkAsync("SETACL INBOX ben@example.org lr");
        await ben.OkAsync($"SETMETADATA {Inbox} (/private/comment \"ben's\")");
        Assert.StartsWith("NO [NOPERM]", await ben.NoAsync($"SETMETADATA {Inbox} (/shared/comment \"x\" /private/comment \"x\")"), StringComparison.Ordinal);
        Assert.StartsWith("NO [NOPERM]", await ben.NoAsync($"SETMETADATA {Inbox} (/private/specialuse \"\\\\Archive\")"), StringComparison.Ordinal);
        Assert.Equal([$"METADATA {Inbox} (/private/comment \"ben's\" /shared/comment \"ours\")"], await ben.OkAsync($"GETMETADATA {Inbox} (/private/comment /shared/comment)"));
        await ann.OkAsync("SETACL INBOX ben@example.org +w");
        await ben.OkAsync($"SETMETADATA {Inbox} (/shared/comment \"everybody's\")");
        Assert.Equal(["METADATA INBOX (/private/comment \"ann's\" /shared/comment \"everybody's\")"], await ann.OkAsync("GETMETADATA INBOX (/private/comment /shared/comment)"));
    }

    [Fact]
    public async Task Shared_values_of_the_server_are_set_by_administrators()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        await client.OkAsync("SETMETADATA \"\" (/private/comment \"mine\")");
        Assert.StartsWith("NO [NOPERM]", await client.NoAsync("SETMETADATA \"\" (/shared/comment \"x\")"), StringComparison.Ordinal);
        await scene.Mda.Accounts.SetAdministratorAsync(MdaScene.Address("ann@example.org"), true, Cancellation);
        await client.OkAsync("SETMETADATA \"\" (/shared/comment \"welcome\")");
        Assert.Equal(["METADATA \"\" (/private/comment \"mine\" /shared/comment \"welcome\")"], await client.OkAsync("GETMETADATA \"\" (/shared/comment /private/comment)"));
        await using var ben = await scene.SignInAsync("ben@example.org");
        Assert.Equal(["METADATA \"\" (/shared/comment \"welcome\" /private/comment NIL)"], await ben.OkAsync("GETMETADATA \"\" (/shared/comment /private/comment)"));
    }
}
