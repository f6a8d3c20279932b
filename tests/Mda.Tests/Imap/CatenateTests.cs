using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Mime;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Imap;

public sealed class CatenateTests
{
    private const string Original = "Subject: old\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\nX: y\r\n\r\ntwo\r\n--b--\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Puts_a_message_together_of_text_and_of_parts_of_messages()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        var ann = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var inbox = await scene.Mda.MailboxAsync(ann);
        await client.OkAsync($"APPEND INBOX {{{Original.Length}+}}\r\n{Original}");
        var url = $"/INBOX;UIDVALIDITY={inbox.UidValidity}/;UID=1";

        await client.OkAsync($"APPEND INBOX (\\Draft) CATENATE (TEXT {{14+}}\r\nSubject: new\r\n URL \"{url}/;SECTION=2.MIME\" TEXT {{2+}}\r\n>  URL {url}/;section=1 TEXT ~{{1+}}\r\n.)");
        await client.OkAsync($"APPEND INBOX CATENATE (URL {{{url.Length}+}}\r\n{url})");
        await client.OkAsync($"APPEND INBOX CATENATE (URL /inbox/;UID=1/;SECTION=HEADER/;PARTIAL=9.3) CATENATE (URL \"imap://ann%40example.org;AUTH=*@mx.example.org{url}/;PARTIAL=9.3\")");

        Assert.Equal("Subject: new\r\nX: y\r\n\r\n> one.", await TextAsync(2));
        Assert.Equal(Original, await TextAsync(3));
        Assert.Equal("old", await TextAsync(4));
        Assert.Equal("old", await TextAsync(5));

        async Task<string> TextAsync(uint uid) => MdaScene.Text((await scene.Mda.Mailboxes.OpenAsync(ann.Id, inbox.Id, new Uid(uid), Cancellation))!.Content);
    }

    [Fact]
    public async Task Says_which_url_names_nothing()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync("ben@example.org");
        await client.OkAsync("APPEND INBOX {4+}\r\nben\n");
        await using var other = await scene.SignInAsync();
        await other.OkAsync("APPEND INBOX {4+}\r\nann\n");

        foreach (var url in new[] { "/INBOX/;UID=2", "/INBOX;UIDVALIDITY=1/;UID=1", "/nowhere/;UID=1", "/INBOX/;UID=1/;SECTION=2", "nonsense", ";UID=1", "imap://elsewhere.example/INBOX/;UID=1", "imap://ben%40example.org@mx.example.org/INBOX/;UID=1" })
            Assert.StartsWith($"NO [BADURL {url}]", await other.NoAsync($"APPEND INBOX CATENATE (TEXT {{1+}}\r\na URL \"{url}\" TEXT {{1+}}\r\nb)"), StringComparison.Ordinal);
        Assert.StartsWith("NO [BADURL ", await other.NoAsync("APPEND INBOX CATENATE (URL \"/Other Users/ben@example.org/INBOX/;UID=1\")".Replace("Other Users", "Other%20Users", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("NO There", await other.NoAsync("APPEND INBOX CATENATE (URL \"a b\")"), StringComparison.Ordinal);
        await other.BadAsync("APPEND INBOX CATENATE ()");
        await other.BadAsync("APPEND INBOX CATENATE (TEXT {1+}\r\na");
        await other.OkAsync("NOOP");
    }

    [Fact]
    public async Task Takes_as_much_in_all_as_one_message_may_have()
    {
        await using var scene = new ImapScene(options => options with { MaxMessageOctets = 10 });
        await using var client = await scene.SignInAsync();
        await client.OkAsync("APPEND INBOX {6+}\r\n123456");

        await client.OkAsync("APPEND INBOX CATENATE (TEXT {4+}\r\n1234 URL /INBOX/;UID=1)");
        Assert.StartsWith("NO [TOOBIG]", await client.NoAsync("APPEND INBOX CATENATE (TEXT {5+}\r\n12345 URL /INBOX/;UID=1)"), StringComparison.Ordinal);
        Assert.StartsWith("NO [TOOBIG]", await client.NoAsync("APPEND INBOX CATENATE (URL /INBOX/;UID=1 TEXT {5+}\r\n12345)"), StringComparison.Ordinal);
        await client.OkAsync("NOOP");
    }

    [Theory]
    [InlineData("/INBOX;UIDVALIDITY=7/;UID=20/;SECTION=1.2", "INBOX", 7, 20, "1.2", SectionText.Whole)]
    [InlineData("/a%2Fb/c%C3%A9/;uid=3", "a/b/cé", 0, 3, "", SectionText.Whole)]
    [InlineData("/a/;UID=3/;SECTION=header", "a", 0, 3, "", SectionText.Header)]
    [InlineData("/a/;UID=3/;SECTION=2.MIME", "a", 0, 3, "2", SectionText.Mime)]
    [InlineData(";UID=3", null, 0, 3, "", SectionText.Whole)]
    [InlineData("/;UID=3/;SECTION=TEXT", null, 0, 3, "", SectionText.Text)]
    public void Reads_urls(string text, string? mailbox, int uidValidity, int uid, string path, object kind)
    {
        Assert.True(MessageUrl.TryParse(text, out var url));
        Assert.Equal((mailbox, (uint)uidValidity, (uint)uid, path, kind), (url.Mailbox, url.UidValidity, url.Uid, string.Join('.', url.Path), url.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/;UID=0")]
    [InlineData("/a/;UID=1/;SECTION=MIME")]
    [InlineData("/a/;UID=1/;SECTION=HEADER.1")]
    [InlineData("/a/;UID=1/;SECTION=HEADER.FIELDS")]
    [InlineData("/a/;UID=1/;PARTIAL=1.0")]
    [InlineData("/a/;UID=1/;OTHER=1")]
    [InlineData("/a%2/;UID=1")]
    [InlineData("/a%FF/;UID=1")]
    [InlineData("/a;UIDVALIDITY=x/;UID=1")]
    [InlineData("imap://host")]
    public void Refuses_what_names_no_message(string text) => Assert.False(MessageUrl.TryParse(text, out _));
}
