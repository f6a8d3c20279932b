using MailSuite.Mda.Mailboxes;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

public sealed class ReplaceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Puts_a_message_in_the_place_of_another_and_tells_where_it_is_before_that_one_goes()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaMessages = 2 });
        await using var client = await scene.SignInAsync();
        await client.OkAsync("APPEND Drafts {4+}\r\none\n {4+}\r\ntwo\n");
        await client.OkAsync("SELECT Drafts");

        var first = await client.OkAsync("REPLACE 1 Drafts (\\Draft) {6+}\r\nthree\n");
        var second = await client.OkAsync("UID REPLACE 2 Sent {5+}\r\nfour\n");

        Assert.Matches(@"^OK \[APPENDUID \d+ 3\] ", first[0]);
        Assert.Equal(["1 EXPUNGE", "2 EXISTS"], first.Skip(1));
        Assert.Matches(@"^OK \[APPENDUID \d+ 1\] ", second[0]);
        Assert.Equal(["1 EXPUNGE"], second.Skip(1));
        var ann = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        Assert.Equal([3u], (await scene.Mda.MessagesAsync(ann, SpecialUse.Drafts)).Select(message => message.Uid.Value));
        Assert.Single(await scene.Mda.MessagesAsync(ann, SpecialUse.Sent));
        await using var tables = scene.Mda.OpenTables();
        Assert.Equal((2L, 11L), (tables.Accounts.Single().Messages, tables.Accounts.Single().Octets));
    }

    [Fact]
    public async Task Changes_nothing_when_it_cannot_do_both()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaOctets = 10 });
        await using var client = await scene.SignInAsync();
        await client.OkAsync("APPEND INBOX {4+}\r\none\n {4+}\r\ntwo\n");
        await client.BadAsync("REPLACE 1 INBOX {1+}\r\na");
        await client.OkAsync("SELECT INBOX");

        Assert.StartsWith("NO [OVERQUOTA]", await client.NoAsync("REPLACE 1 INBOX {7+}\r\n1234567"), StringComparison.Ordinal);
        Assert.StartsWith("NO [TRYCREATE]", await client.NoAsync("REPLACE 1 nowhere {1+}\r\na"), StringComparison.Ordinal);
        await client.BadAsync("REPLACE 3 INBOX {1+}\r\na");
        await client.BadAsync("REPLACE 0 INBOX {1+}\r\na");
        await client.BadAsync("REPLACE 1 INBOX {1+}\r\na {1+}\r\nb");
        await client.NoAsync("UID REPLACE 3 INBOX {1+}\r\na");
        await client.NoAsync("REPLACE 1 INBOX {0+}\r\n");
        await client.OkAsync("EXAMINE INBOX");
        await client.NoAsync("REPLACE 1 INBOX {1+}\r\na");

        var ann = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        Assert.Equal([2u, 1], (await scene.Mda.MessagesAsync(ann)).Select(message => message.Uid.Value));
    }

    [Fact]
    public async Task Appends_nothing_when_somebody_else_expunged_the_message()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();
        await client.OkAsync("APPEND INBOX {4+}\r\none\n");
        await client.OkAsync("SELECT INBOX");
        var ann = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        await scene.Mda.Mailboxes.ExpungeAsync(ann.Id, (await scene.Mda.MailboxAsync(ann)).Id, [new Uid(1)], Cancellation);

        await client.NoAsync("REPLACE 1 INBOX {1+}\r\na");

        Assert.Empty(await scene.Mda.MessagesAsync(ann));
    }

    [Fact]
    public async Task Needs_the_rights_to_delete_here_and_to_insert_there()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync("ben@example.org");
        await using var other = await scene.SignInAsync();
        await other.OkAsync("APPEND INBOX {4+}\r\none\n");
        var ann = (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var access = scene.Mda.Services.GetRequiredService<MailboxAccess>();
        const string Inbox = "\"Other Users/ann@example.org/INBOX\"";

        await Grant(MailboxRights.Lookup | MailboxRights.Read | MailboxRights.Insert | MailboxRights.DeleteMessages);
        await client.OkAsync($"SELECT {Inbox}");
        Assert.StartsWith("NO [NOPERM]", await client.NoAsync($"REPLACE 1 {Inbox} {{1+}}\r\na"), StringComparison.Ordinal);
        await Grant(MailboxRights.Lookup | MailboxRights.Read | MailboxRights.Expunge | MailboxRights.DeleteMessages);
        await client.OkAsync($"SELECT {Inbox}");
        Assert.StartsWith("NO [NOPERM]", await client.NoAsync($"REPLACE 1 {Inbox} {{1+}}\r\na"), StringComparison.Ordinal);
        await client.OkAsync("REPLACE 1 INBOX {1+}\r\na");

        await using var tables = scene.Mda.OpenTables();
        var message = Assert.Single(tables.Messages.ToList());
        Assert.Equal([0L, 1], tables.Accounts.ToList().OrderBy(account => account.Id == message.AccountId).Select(account => account.Messages));

        Task Grant(MailboxRights rights) => access.SetAsync(ann.Id, "INBOX", "ben@example.org", RightsChange.Replace, rights, Cancellation);
    }
}
