using System.Text.Json;
using MailSuite.Host.Logging;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Suite.Tests.Running;

public sealed class LogTests
{
    [Fact]
    public void A_peer_cannot_write_lines_of_its_own()
    {
        var formatter = new HumanFormatter(new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        using var text = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Information, "MailSuite.Mta.Smtp.SmtpSession", default, "said a\r\n03:04:06 info forged \u001b[2J", null, static (state, _) => state), null, text);
        Assert.Equal("03:04:05.000 info  Mta.Smtp: said a··03:04:06 info forged ·[2J\n", text.ToString());
    }

    [Fact]
    public async Task Is_JSON_from_the_first_line_to_the_last_when_asked_for()
    {
        using var directory = new TempDirectory();
        await using var program = await ChildProgram.StartAsync(directory.Path, ("MAILSUITE_Log__Format", "json"));
        using (var talk = await SmtpTalk.ConnectAsync(program.SmtpPort))
        {
            await talk.BeginDataAsync("ann@example.org", "bob@example.org");
            Assert.StartsWith("250", await talk.SayAsync("Subject: x\r\n\r\nx\r\n."), StringComparison.Ordinal);
        }

        if (OperatingSystem.IsWindows())
        {
            await program.KillAsync();
        }
        else
        {
            program.Terminate();
            await program.WaitForExitAsync();
        }

        var lines = program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        Assert.Contains(lines, line => line.Contains("Smtp listens on 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("reverse-path", StringComparison.Ordinal));
    }
}
