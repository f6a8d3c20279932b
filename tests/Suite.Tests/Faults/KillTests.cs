using System.Collections.Concurrent;
using System.Globalization;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Faults;

/// <summary>What was answered 250 survives the death of the program at any instant, once.</summary>
public sealed class KillTests
{
    private const int Senders = 8;

    /// <summary>A message above the limit that makes it a file beside the database, so that both ways of storing are killed.</summary>
    private const string LargeOctets = "16 KiB";

    /// <summary>Fifty in the suite; <c>MAILSUITE_TEST_KILLS</c> asks for more, see bench/README.md.</summary>
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("MAILSUITE_TEST_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 50;

    private static readonly string[] Recipients = ["ann@example.org", "bob@example.org", "carol@example.org", "dave@example.net"];

    [Fact]
    public async Task Kills_lose_nothing_that_was_accepted_and_double_nothing()
    {
        using var directory = new TempDirectory();
        var answered = new ConcurrentBag<(string Id, string[] Recipients)>();
        var random = new Random(20260101);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var program = await ChildProgram.StartAsync(directory.Path, ("MAILSUITE_Mda__LargeMessageOctets", LargeOctets), ("MAILSUITE_Log__Level", "Warning"));
            var before = answered.Count;
            using var over = new CancellationTokenSource();
            var senders = Enumerable.Range(0, Senders).Select(sender => SendAsync(program.SmtpPort, $"{kill}-{sender}", answered, over.Token)).ToList();
            // The load must run when the blow comes, and the blow must come at another instant each time.
            var enough = before + random.Next(1, 200);
            await Eventually.HoldsAsync(() => Task.FromResult(answered.Count >= enough), $"{enough} messages accepted");
            await program.KillAsync();
            await over.CancelAsync();
            await Task.WhenAll(senders);
        }

        await using var suite = await ProgramUnderTest.OnAsync(directory.Path, ("MAILSUITE_Mda__LargeMessageOctets", LargeOctets));
        var stored = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var recipient in Recipients)
            stored[recipient] = await MessageIdsAsync(suite, recipient);

        Assert.True(answered.Count >= Kills, $"Only {answered.Count} messages were accepted in all.");
        foreach (var recipient in Recipients)
        {
            Assert.Empty(stored[recipient].GroupBy(id => id, StringComparer.Ordinal).Where(copies => copies.Count() > 1).Select(copies => copies.Key));
            var present = stored[recipient].ToHashSet(StringComparer.Ordinal);
            Assert.Empty(answered.Where(message => message.Recipients.Contains(recipient, StringComparer.Ordinal) && !present.Contains(message.Id)).Select(message => message.Id));
        }
    }

    /// <summary>Sends one message after the other until the program is gone.</summary>
    private static async Task SendAsync(int port, string sender, ConcurrentBag<(string, string[])> answered, CancellationToken over)
    {
        var random = new Random(StringComparer.Ordinal.GetHashCode(sender));
        try
        {
            using var talk = await SmtpTalk.ConnectAsync(port);
            await talk.SayAsync("EHLO load.example.net");
            for (var number = 0; !over.IsCancellationRequested; number++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"{sender}-{number}@load.example.net");
                string[] recipients = [.. Recipients.OrderBy(_ => random.Next()).Take(random.Next(1, 4))];
                var body = string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789012345678901234567890123456789\r\n", random.Next(10) == 0 ? 400 : 20));
                await talk.SendAsync($"MAIL FROM:<load@example.org>\r\n{string.Concat(recipients.Select(recipient => $"RCPT TO:<{recipient}>\r\n"))}DATA\r\n");
                for (var reply = 0; reply < recipients.Length + 2; reply++)
                    await talk.ReplyAsync();
                await talk.SendAsync($"Message-ID: <{id}>\r\nSubject: {id}\r\n\r\n{body}.\r\n");
                if ((await talk.ReplyAsync()).StartsWith("250 ", StringComparison.Ordinal))
                    answered.Add((id, recipients));
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The program was killed, which is what the test is about.
        }
    }

    private static async Task<List<string>> MessageIdsAsync(ProgramUnderTest suite, string recipient)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var account = await suite.Accounts.FindAsync(EnvelopeAddress.Parse(recipient), cancellation);
        Assert.NotNull(account);
        var inbox = (await suite.Mailboxes.ListAsync(account.Id, cancellation)).Single(mailbox => mailbox.Use == SpecialUse.Inbox);
        var ids = new List<string>();
        Uid? before = null;
        while (true)
        {
            var page = await suite.Mailboxes.PageAsync(account.Id, inbox.Id, new MessagePageRequest(before, 0, 500), cancellation);
            if (page.Messages.Count == 0)
                break;
            ids.AddRange(page.Messages.Select(message => message.MessageId!));
            before = page.Messages[^1].Uid;
        }

        Assert.Equal(inbox.Messages, ids.Count);
        foreach (var summary in (await suite.Mailboxes.PageAsync(account.Id, inbox.Id, new MessagePageRequest(null, 0, 50), cancellation)).Messages)
        {
            var message = await suite.Mailboxes.OpenAsync(account.Id, inbox.Id, summary.Uid, cancellation);
            Assert.EndsWith("0123456789\r\n", await ProgramUnderTest.TextOfAsync(message!), StringComparison.Ordinal);
        }

        return ids;
    }
}
