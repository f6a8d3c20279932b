using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using MimeKit;
using MimeKit.Utils;

namespace MailSuite.Suite.Tests.Relaying;

/// <summary>Five days of one message on the running program, its clock put ahead by command; what its sender reads on the journey page and in the reports.</summary>
public sealed class StoryTests : IAsyncDisposable
{
    private const string Ann = "ann@here.test";
    private const string Password = "correct horse battery";

    private readonly FakeDnsServer _dns = new FakeDnsServer().Mx("away.test", 10, "mx.away.test").Address("mx.away.test", IPAddress.Loopback);

    public ValueTask DisposeAsync() => _dns.DisposeAsync();

    [Fact]
    public async Task A_host_that_defers_twice_refuses_one_of_three_and_dies_is_told_on_the_page_and_in_the_last_report()
    {
        var attempts = 0;
        await using var peer = new SmtpPeer { Name = "mx.away.test" };
        peer.OnCommand = line =>
        {
            if (line.StartsWith("MAIL", StringComparison.Ordinal))
                attempts++;
            return !line.StartsWith("RCPT", StringComparison.Ordinal) ? null
                : attempts > 2 && line.Contains("<bob@", StringComparison.Ordinal) ? "550 5.1.1 there is no bob here" : "451 4.7.1 greylisted, come back";
        };
        await using var program = await ProgramUnderTest.ServerAsync("here.test",
            ("MAILSUITE_Clock__Shift", "true"), ("MAILSUITE_Web__Https", "false"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()),
            ("MAILSUITE_Relay__Port", peer.EndPoint.Port.ToString(CultureInfo.InvariantCulture)));
        await program.AddAccountAsync(Ann, Password);
        var id = await SubmitAsync(program);

        await AttemptsAsync(1);
        await ShiftAsync(program, "+6min");
        await AttemptsAsync(2);
        await ShiftAsync(program, "+12min");
        var first = await ReportAsync(program, text => text.Contains("Action: failed", StringComparison.Ordinal));
        Assert.Contains("bob@away.test", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Final-Recipient: rfc822; cy@away.test", first, StringComparison.Ordinal);
        await peer.DisposeAsync();
        await ShiftAsync(program, "+4h");
        await ReportAsync(program, text => text.Contains("Action: delayed", StringComparison.Ordinal));
        await ShiftAsync(program, "+5d");

        // In one report, at the end: who was given up now, and who was refused before.
        var last = await ReportAsync(program, text => text.Contains("An earlier report has told you", StringComparison.Ordinal));
        Assert.Equal(2, last.Split("Action: failed").Length - 1);
        foreach (var recipient in new[] { "ann@away.test", "bob@away.test", "cy@away.test" })
            Assert.Contains(recipient, last, StringComparison.Ordinal);
        Assert.Equal(3, (await program.TextsAsync(Ann)).Count);

        var page = await JourneyPageAsync(program, id);
        foreach (var words in new[] { "451 4.7.1 greylisted, come back", "550 5.1.1 there is no bob here", "could not be reached", "is given up now", "RCPT TO:<cy@away.test>", "bob@away.test" })
            Assert.Contains(words, page, StringComparison.Ordinal);
        var reports = Regex.Matches(page, "The sender ann@here.test is told by the report (?<id>[0-9A-Z]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        Assert.Equal(3, reports.Select(match => match.Groups["id"].Value).Distinct(StringComparer.Ordinal).Count());

        Task AttemptsAsync(int made) => Eventually.HoldsAsync(() => Task.FromResult(attempts == made), $"{made} attempts");
    }

    private static Task<string> ReportAsync(ProgramUnderTest program, Func<string, bool> which) =>
        Eventually.GetAsync(async () => (await program.TextsAsync(Ann)).FirstOrDefault(which), "a report");

    private static async Task ShiftAsync(ProgramUnderTest program, string by)
    {
        var (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["clock", "shift", by, "--data", program.DataDirectory]);
        Assert.True(code == 0, error);
    }

    private static async Task<string> SubmitAsync(ProgramUnderTest program)
    {
        var message = new MimeMessage([MailboxAddress.Parse(Ann)], [MailboxAddress.Parse("ann@away.test"), MailboxAddress.Parse("bob@away.test"), MailboxAddress.Parse("cy@away.test")],
            "To all three", new TextPart("plain") { Text = "Hello." }) { MessageId = MimeUtils.GenerateMessageId("here.test") };
        using var client = new SmtpClient { ServerCertificateValidationCallback = static (_, _, _, _) => true };
        await client.ConnectAsync("127.0.0.1", program.EndPoint(EndpointKind.Submission).Port, SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync(Ann, Password, TestContext.Current.CancellationToken);
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(quit: true, TestContext.Current.CancellationToken);
        return message.MessageId;
    }

    /// <summary>The text of the page as its sender, signed in, has it.</summary>
    private static async Task<string> JourneyPageAsync(ProgramUnderTest program, string messageId)
    {
        using var browser = new HttpClient { BaseAddress = program.Program.Web };
        var token = Regex.Match(await browser.GetStringAsync("/sign-in", TestContext.Current.CancellationToken), "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["token"].Value;
        using var form = new MultipartFormDataContent
        {
            { new StringContent(token), "__RequestVerificationToken" }, { new StringContent("sign-in"), "_handler" },
            { new StringContent(Ann), "Form.Address" }, { new StringContent(Password), "Form.Password" },
        };
        (await browser.PostAsync("/sign-in", form, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return await Eventually.GetAsync(async () =>
        {
            var (code, output, _) = await RealPrograms.RunAsync(ChildProgram.File, ["trace", messageId, "--json", "--data", program.DataDirectory]);
            if (code != 0)
                return null;
            using var journeys = JsonDocument.Parse(output);
            var page = WebUtility.HtmlDecode(await browser.GetStringAsync($"/journey/{journeys.RootElement[0].GetProperty("id").GetString()}", TestContext.Current.CancellationToken));
            return page.Contains("is given up now", StringComparison.Ordinal) ? page : null;
        }, "the end of the story on the journey page");
    }
}
