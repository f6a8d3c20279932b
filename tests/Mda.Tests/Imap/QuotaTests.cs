using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>RFC 9208: GETQUOTA and GETQUOTAROOT.</summary>
public sealed class QuotaTests
{
    [Fact]
    public async Task Tells_what_is_used_and_what_may_be()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaOctets = 10 * 1024, QuotaMessages = 7 });
        await using var client = await scene.SignInAsync();
        await scene.Mda.DeliverAsync(MdaScene.Message(body: new string('x', 1500)), "ann@example.org");
        const string Quota = "QUOTA ann@example.org (STORAGE 2 10 MESSAGE 1 7)";

        Assert.Equal(["QUOTAROOT Sent ann@example.org", Quota], await client.OkAsync("GETQUOTAROOT Sent"));
        Assert.Equal([Quota], await client.OkAsync("GETQUOTA ann@example.org"));
        Assert.Equal("NO [NONEXISTENT] You have no such quota root.", await client.NoAsync("GETQUOTA ben@example.org"));
        Assert.Equal("NO [NONEXISTENT] There is no such mailbox.", await client.NoAsync("GETQUOTAROOT nothing"));
        await client.BadAsync("GETQUOTA");
        await client.BadAsync("SETQUOTA ann@example.org (STORAGE 1)");
    }

    [Fact]
    public async Task Tells_only_resources_that_have_a_limit()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaMessages = 7 });
        await using var client = await scene.SignInAsync();

        Assert.Equal(["QUOTAROOT INBOX ann@example.org", "QUOTA ann@example.org (MESSAGE 0 7)"], await client.OkAsync("GETQUOTAROOT INBOX"));
    }

    [Theory, EveryChunking]
    public Task Has_no_root_where_nothing_limits(Chunking chunking) => ImapScene.PlayAsync(chunking, ImapScene.SignedIn + """
        C: a GETQUOTAROOT INBOX
        S: * QUOTAROOT INBOX
        S: a OK That is all.
        C: b GETQUOTA ann@example.org
        S: b NO [NONEXISTENT] You have no such quota root.
        """);

    [Fact]
    public async Task A_shared_mailbox_counts_against_its_owner()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaMessages = 7 });
        await using var ben = await scene.SignInAsync("ben@example.org");
        await using var ann = await scene.SignInAsync();
        const string Inbox = "\"Other Users/ann@example.org/INBOX\"";

        await ann.OkAsync("SETACL INBOX ben@example.org l");
        Assert.StartsWith("NO [NOPERM]", await ben.NoAsync($"GETQUOTAROOT {Inbox}"), StringComparison.Ordinal);
        await ann.OkAsync("SETACL INBOX ben@example.org lr");
        Assert.Equal([$"QUOTAROOT {Inbox} ann@example.org", "QUOTA ann@example.org (MESSAGE 0 7)"], await ben.OkAsync($"GETQUOTAROOT {Inbox}"));
    }
}
