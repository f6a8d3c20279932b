using System.Net.Sockets;
using MailSuite.Host.Running;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Running;

/// <summary>What SIGTERM does to the program and to those who are connected.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public StopTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM; there Ctrl+C does the same.");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Tells_421_to_a_session_that_waits_and_ends_with_0()
    {
        await using var program = await ChildProgram.StartAsync(_directory.Path);
        using var waiting = await SmtpTalk.ConnectAsync(program.SmtpPort);
        Assert.StartsWith("250", await waiting.SayAsync("EHLO client.example.net"), StringComparison.Ordinal);

        program.Terminate();

        Assert.StartsWith("421 4.3.2", await waiting.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("", await waiting.ReplyAsync());
        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.Null(RunFile.Read(_directory.Path));
    }

    [Fact]
    public async Task Finishes_the_message_in_hand_and_keeps_it()
    {
        string id;
        await using (var program = await ChildProgram.StartAsync(_directory.Path))
        {
            using var sending = await SmtpTalk.ConnectAsync(program.SmtpPort);
            await sending.BeginDataAsync("ann@example.org", "bob@example.org");
            await sending.SendAsync("Subject: In hand\r\n\r\nThe first half,");
            using var waiting = await SmtpTalk.ConnectAsync(program.SmtpPort);

            program.Terminate();
            Assert.StartsWith("421", await waiting.ReplyAsync(), StringComparison.Ordinal);
            await Eventually.HoldsAsync(async () => !await AcceptsAsync(program.SmtpPort), "the port is closed to new connections");

            id = await sending.SayAsync(" the second half.\r\n.");
            Assert.StartsWith("250 2.6.0", id, StringComparison.Ordinal);
            Assert.Equal(0, await program.WaitForExitAsync());
        }

        await using var again = await ProgramUnderTest.OnAsync(_directory.Path);
        var message = await again.MessageAsync("bob@example.org", "In hand");
        Assert.EndsWith("The first half, the second half.\r\n", await ProgramUnderTest.TextOfAsync(message), StringComparison.Ordinal);
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
