using MailSuite.Mda.Pop3;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Pop3;

/// <summary>The lock of a maildrop, the delay between sign-ins, and what happens when the store cannot.</summary>
public sealed class MaildropTests
{
    private const string Message = "Subject: x\r\n\r\nx\r\n";

    [Capability("RESP-CODES")]
    [Fact]
    public async Task Only_one_session_has_a_maildrop_and_the_next_may_when_it_is_over()
    {
        await using var scene = await Pop3Scene.WithAsync([Message]);
        await using (var first = await Pop3Talk.SignedInAsync(scene, "alice@example.org"))
        {
            await using var second = new Pop3Talk(scene);
            await second.ReadAsync();
            await second.SayAsync("USER alice@example.org");
            Assert.Equal("-ERR [IN-USE] Another session has the maildrop open", await second.SayAsync("PASS secret"));

            // It is nobody's failure, and somebody else's maildrop is open to it.
            await second.SayAsync("USER bob@example.org");
            Assert.Equal("+OK 0 messages (0 octets)", await second.SayAsync("PASS secret"));

            // The answer to QUIT says that the lock is gone.
            await first.SayAsync("QUIT");
            await using var third = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        }

        // A client that goes away without a word holds nothing.
        await using var fourth = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
    }

    [Capability("LOGIN-DELAY")]
    [Fact]
    public async Task Asks_for_the_delay_between_sign_ins_and_lets_in_when_it_is_over()
    {
        await using var scene = await Pop3Scene.WithAsync([], options => options with { LoginDelay = TimeSpan.FromSeconds(60) });
        await scene.PlayAsync(Chunking.WholeTurn, Pop3Scene.SignedIn + """
            C: QUIT
            S: +OK *
            S: (closed)
            """);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            T: 00:00:59
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [LOGIN-DELAY] You have signed in a moment ago, try again in 1 s
            T: 00:00:01
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: +OK 0 messages (0 octets)
            """);
    }

    [Fact]
    public async Task A_removed_account_has_no_maildrop()
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        await scene.Mda.Services.GetServices<MailSuite.Shared.Contracts.Mda.IAccounts>().First().RemoveAsync(scene.Alice.Address, TestContext.Current.CancellationToken);
        await scene.PlayAsync(Chunking.WholeTurn, """
            S: +OK *
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [SYS/PERM] The account has no INBOX
            C: USER alice@example.org
            S: +OK *
            C: PASS secret
            S: -ERR [SYS/PERM] The account has no INBOX
            """);
    }

    /// <summary>All or none, and the client is told: another program holds the database for longer than the store waits.</summary>
    [Fact]
    public async Task Says_that_nothing_was_removed_when_the_store_cannot_remove_it()
    {
        await using var scene = await Pop3Scene.WithAsync([Message, Message], busy: TimeSpan.FromMilliseconds(50));
        await using var session = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        await session.SayAsync("DELE 1");
        await session.SayAsync("DELE 2");
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={scene.Mda.Store.DatabasePath};Pooling=False"))
        {
            other.Open();
            using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            begin.ExecuteNonQuery();
            Assert.Equal("-ERR [SYS/TEMP] The deleted messages could not be removed and are all still there", await session.SayAsync("QUIT"));
        }

        await session.Serving;
        Assert.Equal(2, (await scene.Mda.MessagesAsync(scene.Alice)).Count);
        await using var next = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        Assert.StartsWith("+OK 2 ", await next.SayAsync("STAT"), StringComparison.Ordinal);
    }

    /// <summary>600 messages are more than what one step of a large change takes elsewhere.</summary>
    [Fact]
    public async Task Removes_many_in_one_transaction()
    {
        await using var scene = await Pop3Scene.WithAsync([]);
        await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => scene.AppendAsync(scene.Alice, Message)));
        await using var session = await Pop3Talk.SignedInAsync(scene, "alice@example.org");
        var before = (await scene.Mda.MailboxAsync(scene.Alice)).HighestModSeq;
        for (var number = 1; number <= 600; number++)
            await session.SayAsync($"DELE {number}");
        Assert.StartsWith("+OK", await session.SayAsync("QUIT"), StringComparison.Ordinal);
        var inbox = await scene.Mda.MailboxAsync(scene.Alice);
        Assert.Equal((0, before.Value + 1), (inbox.Messages, inbox.HighestModSeq.Value));
    }
}
