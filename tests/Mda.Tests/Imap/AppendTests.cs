using MailSuite.Mda.Imap.Incoming;
using MailSuite.Mda.Mailboxes;
using MailSuite.Mda.Store;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

public sealed class AppendTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Chunking.WholeTurn)]
    [InlineData(Chunking.ByteByByte)]
    public Task Asks_for_the_message_and_says_which_uid_it_got(Chunking chunking) => ImapScene.PlayAsync(
        chunking,
        ImapScene.SignedIn + """
        C: A1 APPEND drafts (\Draft $Work) "24-Nov-2026 13:00:00 +0100" {15}
        S: + OK
        C: Subject: Hi
        C:
        C:
        S: A1 OK [APPENDUID * 1] Appended.
        C: A2 APPEND {6}
        S: + OK
        C: Drafts {2+}
        C:
        C:
        S: A2 OK [APPENDUID * 2] Appended.
        C: A3 NOOP
        S: A3 OK *
        """.Replace("drafts", "Drafts", StringComparison.Ordinal));

    [Fact]
    public async Task Keeps_octets_flags_keywords_and_date()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        var answer = await client.AnswerOkAsync("APPEND Drafts (\\Seen \\Draft $Forwarded Work work) \" 1-Jan-2020 00:30:00 +0100\" {16+}\r\nSubject: a\r\n\r\n\u00e9");
        await client.OkAsync("APPEND Drafts {2+}\r\n\r\n");

        var ann = await AnnAsync(scene);
        var drafts = await scene.Mda.MailboxAsync(ann, SpecialUse.Drafts);
        Assert.StartsWith($"OK [APPENDUID {drafts.UidValidity} 1]", answer, StringComparison.Ordinal);
        var opened = await scene.Mda.Mailboxes.OpenAsync(ann.Id, drafts.Id, new Uid(1), Cancellation);
        Assert.Equal("Subject: a\r\n\r\n\u00e9", MdaScene.Text(opened!.Content));
        Assert.Equal(MessageFlags.Seen | MessageFlags.Draft | MessageFlags.Forwarded, opened.Summary.Flags);
        Assert.Equal(new DateTimeOffset(2019, 12, 31, 23, 30, 0, TimeSpan.Zero), opened.Summary.ReceivedAt);
        using var open = await scene.Mda.Store.Open.OpenAsync(drafts.Id, Cancellation);
        Assert.Equal(["Work"], scene.Mda.Store.Keywords[open!.Current[0].Keywords].Names);
        Assert.Equal(scene.Clock.GetUtcNow().ToUnixTimeMilliseconds(), open.Current[1].InternalDate);
    }

    [Fact]
    public async Task Appends_many_with_one_command_all_or_none()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaMessages = 3 });
        await using var client = await scene.SignInAsync();

        Assert.Contains(" 1:2] ", await client.AnswerOkAsync("APPEND INBOX (\\Seen) {9+}\r\nFirst.\r\n\r {8~}".Replace(" {8~}", " (k) {8+}\r\nSecond\r\n", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("NO [OVERQUOTA]", await client.NoAsync("APPEND INBOX {2+}\r\n\r\n {2+}\r\n\r\n"), StringComparison.Ordinal);

        var messages = await scene.Mda.MessagesAsync(await AnnAsync(scene));
        Assert.Equal([MessageFlags.None, MessageFlags.Seen], messages.Select(message => message.Flags));
        Assert.Contains(" 3] ", await client.AnswerOkAsync("APPEND INBOX {2+}\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_everything_back_with_a_literal_of_no_octets()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        await client.NoAsync("APPEND INBOX {2+}\r\n\r\n (\\Seen) {0+}\r\n");
        await client.NoAsync("APPEND INBOX {0+}\r\n");

        Assert.Empty(await scene.Mda.MessagesAsync(await AnnAsync(scene)));
        await client.OkAsync("NOOP");
    }

    [Theory]
    [InlineData(Chunking.WholeTurn)]
    [InlineData(Chunking.ByteByByte)]
    public Task Refuses_what_it_need_not_read_and_goes_on(Chunking chunking) => ImapScene.PlayAsync(
        chunking,
        ImapScene.SignedIn + """
        C: A1 APPEND nowhere {9}
        S: A1 NO [TRYCREATE] There is no such mailbox to put them into.
        C: A2 APPEND nowhere {4+}
        C: ab
        C:
        S: A2 NO [TRYCREATE] There is no such mailbox to put them into.
        C: A3 APPEND INBOX {11}
        S: A3 NO [TOOBIG] *
        C: A4 APPEND INBOX {11+}
        C: 123456789
        C:
        S: A4 NO [TOOBIG] *
        C: A5 APPEND INBOX {10}
        S: + OK
        C: 12345678
        C:
        S: A5 OK [APPENDUID * 1] Appended.
        C: A6 APPEND INBOX (\Seen {10}
        S: A6 BAD *
        C: A7 APPEND INBOX {2+}
        C:
        C:  (\Oops) {4+}
        C: ab
        C:  {3}
        S: A7 BAD *
        C: A8 APPEND INBOX
        S: A8 BAD *
        C: A9 APPEND "a
        S: A9 BAD *
        C: A10 APPEND INBOX {2+}
        C:
        C:  and more
        S: A10 BAD *
        C: A11 NOOP
        S: A11 OK *
        """,
        options => options with { MaxMessageOctets = 10 });

    [Fact]
    public async Task Says_that_an_account_is_full_before_it_reads()
    {
        await using var scene = new ImapScene(mda: options => options with { QuotaOctets = 20 });
        await using var client = await scene.SignInAsync();

        Assert.StartsWith("NO [OVERQUOTA]", await client.NoAsync("APPEND INBOX {21}"), StringComparison.Ordinal);
        Assert.StartsWith("OK", await client.AnswerOkAsync("APPEND INBOX {20+}\r\n12345678901234567890"), StringComparison.Ordinal);
        Assert.StartsWith("NO [OVERQUOTA]", await client.NoAsync("APPEND INBOX {1}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_nuls_in_a_literal8_and_in_no_other()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        await client.BadAsync("APPEND INBOX {3+}\r\na\0b");
        await client.OkAsync("APPEND INBOX ~{3+}\r\na\0b");

        var ann = await AnnAsync(scene);
        var opened = await scene.Mda.Mailboxes.OpenAsync(ann.Id, (await scene.Mda.MailboxAsync(ann)).Id, new Uid(1), Cancellation);
        Assert.Equal("a\0b", MdaScene.Text(opened!.Content));
    }

    [Fact]
    public async Task Takes_a_message_of_rfc_6855_from_a_client_that_has_said_so()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        await client.BadAsync("APPEND INBOX UTF8 (~{2+}\r\n\r\n)");
        await client.OkAsync("ENABLE UTF8=ACCEPT");
        await client.OkAsync("APPEND INBOX (\\Seen) UTF8 (~{2+}\r\n\r\n)");
        await client.BadAsync("APPEND INBOX UTF8 ({2+}\r\n\r\n)");
        await client.BadAsync("APPEND INBOX UTF8 (~{2+}\r\n\r\n");

        Assert.Single(await scene.Mda.MessagesAsync(await AnnAsync(scene)));
    }

    [Fact]
    public async Task Leaves_out_flags_that_the_person_may_not_set_and_refuses_who_may_not_insert()
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync("ben@example.org");
        await scene.Mda.AddAccountAsync("ann@example.org");
        var ann = await AnnAsync(scene);
        var inbox = await scene.Mda.MailboxAsync(ann);
        var access = scene.Mda.Services.GetRequiredService<MailboxAccess>();

        await access.SetAsync(ann.Id, "INBOX", "ben@example.org", RightsChange.Replace, MailboxRights.Lookup | MailboxRights.Read, Cancellation);
        Assert.StartsWith("NO [NOPERM]", await client.NoAsync("APPEND \"Other Users/ann@example.org/INBOX\" {2}"), StringComparison.Ordinal);
        await access.SetAsync(ann.Id, "INBOX", "ben@example.org", RightsChange.Replace, MailboxRights.Lookup | MailboxRights.Insert | MailboxRights.KeepSeen, Cancellation);
        await client.OkAsync("APPEND \"Other Users/ann@example.org/INBOX\" (\\Seen \\Deleted \\Flagged Work) {2+}\r\n\r\n");

        using var open = await scene.Mda.Store.Open.OpenAsync(inbox.Id, Cancellation);
        Assert.Equal((MessageFlags.Seen, 0), (open!.Current[0].Flags, open.Current[0].Keywords));
    }

    [Fact]
    public async Task Streams_a_large_message_into_its_file()
    {
        await using var scene = new ImapScene(mda: options => options with { LargeMessageOctets = 5000 });
        await using var client = await scene.SignInAsync();
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\r\n"));

        await client.OkAsync($"APPEND INBOX {{{text.Length}+}}\r\n{text}");

        var ann = await AnnAsync(scene);
        var opened = await scene.Mda.Mailboxes.OpenAsync(ann.Id, (await scene.Mda.MailboxAsync(ann)).Id, new Uid(1), Cancellation);
        Assert.Equal(text, MdaScene.Text(opened!.Content));
        Assert.Single(Files(scene));
    }

    [Fact]
    public async Task Leaves_nothing_of_a_message_that_did_not_come_whole_or_was_refused()
    {
        await using var scene = new ImapScene(mda: options => options with { LargeMessageOctets = 100 });
        await using (var client = await scene.SignInAsync())
        {
            var text = new string('x', 1000);
            await client.BadAsync($"APPEND INBOX {{1000+}}\r\n{text} nonsense");
            await client.NoAsync($"APPEND INBOX {{1000+}}\r\n{text} {{0+}}\r\n");
            await client.SendAsync($"A9 APPEND INBOX {{1000+}}\r\n{text[..900]}");
        }

        Assert.Empty(Files(scene));
        Assert.Empty(await scene.Mda.MessagesAsync(await AnnAsync(scene)));
    }

    [Fact]
    public async Task Leaves_the_file_to_the_sweep_when_a_fault_does_not_say_whether_it_was_stored()
    {
        await using var scene = new ImapScene(mda: options => options with { LargeMessageOctets = 100 });
        await using var client = await scene.SignInAsync();
        await client.OkAsync("APPEND INBOX {1+}\r\na");
        await ExecuteAsync(scene, "CREATE TRIGGER broken BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'a fault'); END");

        await client.NoAsync($"APPEND INBOX {{1000+}}\r\n{new string('x', 1000)}");
        await client.OkAsync("SELECT INBOX");
        await client.NoAsync($"REPLACE 1 INBOX {{1000+}}\r\n{new string('x', 1000)}");

        Assert.Equal(2, Files(scene).Count());
    }

    [Fact]
    public async Task Says_that_it_is_stored_when_the_mailbox_cannot_be_read_again_after_another_process_wrote()
    {
        await using var scene = new ImapScene(mda: options => options with { LargeMessageOctets = 100 });
        await using var client = await scene.SignInAsync();
        await client.OkAsync("APPEND INBOX {1+}\r\na");
        await client.OkAsync("SELECT INBOX");
        await using var tables = scene.Mda.OpenTables();
        await tables.Database.ExecuteSqlRawAsync(
            """
            UPDATE message SET keywords = 77, mod_seq = 3;
            UPDATE mailbox SET highest_mod_seq = 3 WHERE name = 'INBOX';
            ALTER TABLE keyword_set RENAME TO kept_away;
            """,
            Cancellation);

        var text = new string('x', 1000);
        Assert.Matches(@"^OK \[APPENDUID \d+ 2\]", await client.AnswerOkAsync($"APPEND INBOX {{1000+}}\r\n{text}"));

        await tables.Database.ExecuteSqlRawAsync("ALTER TABLE kept_away RENAME TO keyword_set", Cancellation);
        await client.OkAsync("SELECT INBOX");
        Assert.Contains($"2 FETCH (BODY[] {{1000}}\r\n{text})", await client.OkAsync("FETCH 2 BODY.PEEK[]"));
    }

    [Theory]
    [InlineData(AppendReading.MaxMessages, "OK")]
    [InlineData(AppendReading.MaxMessages + 1, "NO [LIMIT]")]
    public async Task Takes_so_many_messages_with_one_command(int messages, string expected)
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        var answer = (await client.CommandAsync("APPEND INBOX" + string.Concat(Enumerable.Repeat(" {2+}\r\n\r\n", messages))))[^1];

        Assert.StartsWith($"A2 {expected}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeywordSets.MaxNameOctets, "OK")]
    [InlineData(KeywordSets.MaxNameOctets + 1, "NO [LIMIT]")]
    public async Task Takes_keywords_up_to_their_limits(int octets, string expected)
    {
        await using var scene = new ImapScene();
        await using var client = await scene.SignInAsync();

        Assert.StartsWith($"A2 {expected}", (await client.CommandAsync($"APPEND INBOX ({new string('k', octets)}) {{2+}}\r\n\r\n"))[^1], StringComparison.Ordinal);
        var names = string.Join(' ', Enumerable.Range(0, octets - KeywordSets.MaxNameOctets + KeywordSets.MaxNames).Select(i => $"k{i}"));
        Assert.StartsWith($"A3 {expected}", (await client.CommandAsync($"APPEND INBOX ({names}) {{2+}}\r\n\r\n"))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_the_limit_among_the_capabilities()
    {
        await using var scene = new ImapScene(options => options with { MaxMessageOctets = 1234 });
        await using var client = await scene.SignInAsync();

        Assert.Contains("APPENDLIMIT=1234", Assert.Single(await client.OkAsync("CAPABILITY")).Split(' '));
    }

    private static Task ExecuteAsync(ImapScene scene, string sql) => scene.Mda.Store.WriteAsync(
        turn =>
        {
            turn.Connection.Execute(sql);
            return true;
        },
        takesSpace: false,
        Cancellation);

    private static IEnumerable<string> Files(ImapScene scene)
    {
        var bodies = Path.Combine(scene.Mda.Directory, "bodies");
        return Directory.Exists(bodies) ? Directory.GetFiles(bodies, "*", SearchOption.AllDirectories) : [];
    }

    private static async Task<Account> AnnAsync(ImapScene scene) => (await scene.Mda.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
}
