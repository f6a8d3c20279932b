using System.Net;
using System.Text.Json;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using MailSuite.Shared.Contracts;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Suite.Tests.Running;

/// <summary>The program's clock put ahead and back, by hand and by command: days of mail in seconds.</summary>
public sealed class ClockTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeDnsServer _dns = new FakeDnsServer().Mx("away.test", 10, "mx.away.test").Address("mx.away.test", IPAddress.Loopback);

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Retry_warning_and_bounce_of_five_days_are_seen_in_seconds()
    {
        await using var program = await ProgramUnderTest.ServerAsync("here.test",
            ("MAILSUITE_Clock__Shift", "true"), ("MAILSUITE_Relay__DnsServers", _dns.EndPoint.ToString()!), ("MAILSUITE_Relay__Port", SmtpSink.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await program.AddAccountAsync("ann@here.test", "correct horse battery");
        await SubmitAsync(program, "ann@here.test", "bob@away.test", "Are you there?");
        var first = await WaitingAsync(program, attempts: 1);

        Assert.Contains("4 h ahead", await CommandAsync(program, "shift", "+4h"), StringComparison.Ordinal);
        var warning = await ReportAsync(program, "Action: delayed");
        Assert.Contains("bob@away.test", warning, StringComparison.Ordinal);
        var second = await WaitingAsync(program, attempts: 2);
        Assert.InRange(second.NextAttemptAt!.Value - first.NextAttemptAt!.Value, TimeSpan.FromHours(4), TimeSpan.FromHours(4.5));

        Assert.Contains("5 d 4 h ahead", await CommandAsync(program, "shift", "+5", "d"), StringComparison.Ordinal);
        var bounce = await ReportAsync(program, "Action: failed");
        // The Received field of the report and its Date are of the shifted time.
        Assert.Contains((DateTimeOffset.UtcNow + TimeSpan.FromDays(5)).ToString("d MMM yyyy", System.Globalization.CultureInfo.InvariantCulture), bounce, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await QueueAsync(program)).Count == 0, "an empty queue");

        Assert.Contains("the time on the wall", await CommandAsync(program, "reset"), StringComparison.Ordinal);
        using var shown = JsonDocument.Parse(await CommandAsync(program, "show", "--json"));
        Assert.Equal(0, shown.RootElement.GetProperty("shiftSeconds").GetDouble());
        Assert.True(shown.RootElement.GetProperty("mayShift").GetBoolean());
    }

    [Fact]
    public async Task A_shift_outlives_the_program_and_the_banner_and_the_pages_tell_it()
    {
        await using (var program = await ProgramUnderTest.OnAsync(_directory.Path))
        {
            Assert.DoesNotContain("CLOCK", Banner.For(program.Program), StringComparison.Ordinal);
            Assert.IsType<ClockChange.Done>(await ShiftAsync(program, TimeSpan.FromHours(30)));
        }

        await using (var again = await ProgramUnderTest.OnAsync(_directory.Path))
        {
            var reading = again.Program.Services.GetRequiredService<IProgramClock>().Read();
            Assert.Equal(TimeSpan.FromHours(30), reading.Shift);
            Assert.Equal(reading.Real + reading.Shift, reading.Now);
            Assert.InRange(again.Program.Services.GetRequiredService<TimeProvider>().GetUtcNow() - DateTimeOffset.UtcNow, TimeSpan.FromHours(29.9), TimeSpan.FromHours(30.1));
            Assert.Contains("by 1 d 6 h", Banner.For(again.Program), StringComparison.Ordinal);
            using var http = new HttpClient();
            Assert.Contains("The clock is 1 d 6 h ahead", await http.GetStringAsync(new Uri(again.Program.Web, "sign-in"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.IsType<ClockChange.Done>(await again.Program.Services.GetRequiredService<IProgramClock>().ResetAsync(TestContext.Current.CancellationToken));
            Assert.False(File.Exists(Path.Combine(_directory.Path, ClockFile.Name)));
        }

        await using var third = await ProgramUnderTest.OnAsync(_directory.Path);
        Assert.Equal(TimeSpan.Zero, third.Program.Services.GetRequiredService<IProgramClock>().Read().Shift);
    }

    [Fact]
    public async Task A_server_does_not_put_its_clock_ahead_unless_it_may_and_ends_a_shift_that_it_no_longer_may()
    {
        ClockFile.Write(_directory.Path, TimeSpan.FromHours(1));
        await using var program = await ProgramUnderTest.ServerAsync("here.test", ("MAILSUITE_DATA", _directory.Path));
        Assert.False(File.Exists(Path.Combine(_directory.Path, ClockFile.Name)));
        Assert.Equal(TimeSpan.Zero, program.Program.Services.GetRequiredService<IProgramClock>().Read().Shift);
        Assert.Contains("Clock:Shift", Assert.IsType<ClockChange.Refused>(await ShiftAsync(program, TimeSpan.FromHours(1))).Reason, StringComparison.Ordinal);
        var (code, _, error) = await RealPrograms.RunAsync(ChildProgram.File, ["clock", "shift", "+4h", "--data", program.DataDirectory]);
        Assert.Equal(1, code);
        Assert.Contains("Clock:Shift", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_is_ahead_by_ten_years_at_most()
    {
        await using var program = await ProgramUnderTest.DevelopmentAsync();
        Assert.IsType<ClockChange.Done>(await ShiftAsync(program, IProgramClock.MaxShift - TimeSpan.FromHours(1)));
        Assert.IsType<ClockChange.Refused>(await ShiftAsync(program, TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1)));
        Assert.IsType<ClockChange.Done>(await ShiftAsync(program, TimeSpan.FromHours(1)));
        Assert.IsType<ClockChange.Refused>(await ShiftAsync(program, TimeSpan.FromSeconds(1)));
        Assert.IsType<ClockChange.Refused>(await ShiftAsync(program, TimeSpan.Zero));
        Assert.IsType<ClockChange.Refused>(await ShiftAsync(program, TimeSpan.FromHours(-1)));
    }

    [Fact]
    public async Task A_start_refuses_a_file_that_does_not_say_how_far_the_clock_is_ahead()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, ClockFile.Name), "soon", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<StartException>(async () => await ProgramUnderTest.OnAsync(_directory.Path));
        Assert.Contains("Remove it", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ClockChange> ShiftAsync(ProgramUnderTest program, TimeSpan ahead) =>
        program.Program.Services.GetRequiredService<IProgramClock>().ShiftAsync(ahead, TestContext.Current.CancellationToken).AsTask();

    private static async Task<string> CommandAsync(ProgramUnderTest program, params string[] arguments)
    {
        var (code, output, error) = await RealPrograms.RunAsync(ChildProgram.File, ["clock", .. arguments, "--data", program.DataDirectory]);
        Assert.True(code == 0, error);
        return output;
    }

    private static Task<QueuedMailRecipient> WaitingAsync(ProgramUnderTest program, int attempts) => Eventually.GetAsync(async () =>
        (await QueueAsync(program)).SelectMany(mail => mail.Recipients).FirstOrDefault(recipient => recipient.Attempts == attempts), $"a recipient tried {attempts} times");

    private static async Task<IReadOnlyList<QueuedMail>> QueueAsync(ProgramUnderTest program) =>
        (await program.Program.Services.GetRequiredService<IMailQueue>().ListAsync(QueueFilter.Everything, new QueuePageRequest(), TestContext.Current.CancellationToken)).Messages;

    private static Task<string> ReportAsync(ProgramUnderTest program, string action) => Eventually.GetAsync(
        async () => (await program.TextsAsync("ann@here.test")).FirstOrDefault(text => text.Contains(action, StringComparison.Ordinal)), $"a report that says '{action}'");

    private static async Task SubmitAsync(ProgramUnderTest program, string from, string to, string subject)
    {
        using var client = new MailKit.Net.Smtp.SmtpClient { ServerCertificateValidationCallback = static (_, _, _, _) => true };
        await client.ConnectAsync("127.0.0.1", program.EndPoint(EndpointKind.Submission).Port, MailKit.Security.SecureSocketOptions.StartTls, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync(from, "correct horse battery", TestContext.Current.CancellationToken);
        var message = new MimeKit.MimeMessage { Subject = subject, Body = new MimeKit.TextPart("plain") { Text = "Hello." } };
        message.From.Add(MimeKit.MailboxAddress.Parse(from));
        message.To.Add(MimeKit.MailboxAddress.Parse(to));
        await client.SendAsync(message, TestContext.Current.CancellationToken);
        await client.DisconnectAsync(true, TestContext.Current.CancellationToken);
    }
}
