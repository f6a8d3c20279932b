using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MailSuite.Host.CommandLine;
using MailSuite.Host.Configuration;
using MailSuite.Suite.Tests.Support;
using MailSuite.Testing;

namespace MailSuite.Suite.Tests.Running;

/// <summary>The numbers of the whole program, as Prometheus and collectors of OpenTelemetry get them.</summary>
public sealed partial class MetricsTests : IDisposable
{
    private static readonly HttpClient Http = new();

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Prometheus_reads_what_mail_did_and_the_table_of_the_readme_is_in_step()
    {
        var instruments = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                lock (instruments)
                {
                    if (instrument.Meter.Name.StartsWith("MailSuite.", StringComparison.Ordinal))
                        instruments.Add(instrument.Name);
                }
            },
        };
        listener.Start();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = (number, _) => number == 1 ? 500 : 200;
        await using var dns = new FakeDnsServer().Mx("away.test", 10, "mx.away.test").Address("mx.away.test", IPAddress.Loopback);
        await using var peer = new SmtpPeer { OnCommand = line => line.StartsWith("RCPT TO:<bad", StringComparison.Ordinal) ? "550 5.1.1 no" : null };
        await using var program = await ProgramUnderTest.ServerAsync("here.test",
            ("MAILSUITE_Metrics__Scrape", "true"), ("MAILSUITE_Web__Https", "false"),
            ("MAILSUITE_Webhooks__app__Url", receiver.Url.ToString()), ("MAILSUITE_Webhooks__app__Secret", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="),
            ("MAILSUITE_Relay__DnsServers", dns.EndPoint.ToString()!), ("MAILSUITE_Relay__Port", peer.EndPoint.Port.ToString(CultureInfo.InvariantCulture)));
        await program.AddAccountAsync("ann@here.test", "correct horse battery");
        var before = await ReadAsync(program);

        await PlayAsync(program.EndPoint(EndpointKind.Smtp).Port,
            "HELO there", "MAIL FROM:<eve@there.test>", "RCPT TO:<ann@here.test>", "DATA", "Subject: x\r\n\r\nHello\r\n.", "NOSUCH", "QUIT");
        await FetchAndRemoveAsync(program.EndPoint(EndpointKind.Pop3Tls).Port);
        await using (var imap = await LineTalk.ConnectTlsAsync(program.EndPoint(EndpointKind.ImapTls).Port, LineTalk.Imap))
            Assert.Equal("a OK Done.", await imap.SayAsync("a NOOP"));
        foreach (var to in new[] { "bob@away.test", "bad@away.test" })
            await RunAsync(program, "send", "--from", "ann@here.test", "--to", to, "--subject", "x", "--body", "y");

        IReadOnlyDictionary<string, double> after = new Dictionary<string, double>();
        await Eventually.HoldsAsync(async () =>
        {
            after = await ReadAsync(program);
            return Sum(after, "mailsuite_queue_attempts_total", "delivered") > Sum(before, "mailsuite_queue_attempts_total", "delivered")
                && Sum(after, "mailsuite_queue_attempts_total", "failed") > Sum(before, "mailsuite_queue_attempts_total", "failed")
                && Sum(after, "mailsuite_webhook_posts_total", "failed") > 0 && Sum(after, "mailsuite_queue_recipients", "due") >= 0 && after.ContainsKey(Held);
        }, "the numbers of two messages");

        string[] grown =
        [
            "mailsuite_smtp_server_sessions_total", "mailsuite_smtp_server_replies_total", "mailsuite_smtp_server_messages_total", "mailsuite_smtp_server_message_size_bytes_total",
            "mailsuite_queue_delivery_duration_seconds_count", "mailsuite_smtp_client_connections_total", "mailsuite_smtp_client_sessions_total", "mailsuite_dns_lookup_duration_seconds_count",
            "mailsuite_spool_commit_duration_seconds_count", "mailsuite_spool_commit_writes_count", "mailsuite_mda_deliveries_total", "mailsuite_mda_delivery_duration_seconds_count",
            "mailsuite_imap_server_sessions_total", "mailsuite_imap_server_answers_total",
            "mailsuite_pop3_server_sessions_total", "mailsuite_pop3_server_responses_total", "mailsuite_pop3_server_messages_total",
        ];
        Assert.All(grown, name => Assert.True(Sum(after, name) > Sum(before, name), $"{name} has not grown."));
        Assert.Contains(after.Keys, key => key.StartsWith("mailsuite_webhook_waiting{", StringComparison.Ordinal) && key.Contains("app", StringComparison.Ordinal));
        Assert.Contains(after.Keys, key => key.StartsWith("dotnet_process_memory_working_set_bytes", StringComparison.Ordinal));
        Assert.DoesNotContain(after.Keys, key => key.Contains(".test", StringComparison.Ordinal));

        var table = TableRow().Matches(await File.ReadAllTextAsync(Path.Combine(ChildProgram.Repository, "src/Mta/Metrics/README.md"), TestContext.Current.CancellationToken));
        lock (instruments)
            Assert.Equal(instruments.Order(StringComparer.Ordinal), table.Select(row => row.Groups["ours"].Value).Order(StringComparer.Ordinal));
        var families = after.Keys.Select(key => key[..(key + '{').IndexOf('{', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        Assert.All(table.Select(row => row.Groups["theirs"].Value).Except(["mailsuite_webhook_lost_total"]), name => Assert.True(families.Contains(name) || families.Contains(name + "_count"), $"{name} is not told."));
    }

    [Fact]
    public async Task Counts_each_session_and_message_once()
    {
        await using var child = await ChildProgram.StartAsync(_directory.Path, ("MAILSUITE_Metrics__Scrape", "true"));
        for (var i = 0; i < 3; i++)
        {
            await PlayAsync(child.SmtpPort,
                "HELO there", "MAIL FROM:<eve@there.test>", "RCPT TO:<ann@here.test>", "DATA", "Subject: x\r\n\r\nHello\r\n.", "QUIT");
        }

        IReadOnlyDictionary<string, double> numbers = new Dictionary<string, double>();
        await Eventually.HoldsAsync(async () => Sum(numbers = await ReadAsync(new Uri(child.Run.Web, "metrics")), "mailsuite_smtp_server_active_sessions") == 0 && Sum(numbers, "mailsuite_smtp_server_sessions_total") > 0, "the end of all sessions");
        Assert.Equal(3, Sum(numbers, "mailsuite_smtp_server_sessions_total", "served"));
        Assert.Equal(3, Sum(numbers, "mailsuite_smtp_server_messages_total", "2xx"));
        Assert.Equal(3, Sum(numbers, "mailsuite_smtp_server_replies_total", "3xx"));
        // Greeting, HELO, MAIL, RCPT, the message, QUIT.
        Assert.Equal(18, Sum(numbers, "mailsuite_smtp_server_replies_total", "2xx"));
        Assert.Equal(3, Sum(numbers, "mailsuite_mda_deliveries_total", "stored"));
        Assert.Equal(0, Sum(numbers, "mailsuite_smtp_server_messages_total", "5xx"));
    }

    [Fact]
    public async Task Off_there_is_no_such_page_and_nothing_of_it_is_loaded()
    {
        await using var child = await ChildProgram.StartAsync(_directory.Path);
        using var answer = await Http.GetAsync(new Uri(child.Run.Web, "metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain("OpenTelemetry", await File.ReadAllTextAsync($"/proc/{child.Run.ProcessId}/maps", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_than_those_who_may_ask_find_no_such_page()
    {
        await using var program = await ProgramUnderTest.DevelopmentAsync(("MAILSUITE_Metrics__Scrape", "true"), ("MAILSUITE_Metrics__ScrapeFrom", "192.0.2.0/24"));
        using var answer = await Http.GetAsync(new Uri(program.Program.Web, "metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Posts_them_to_a_collector()
    {
        await using var collector = await WebhookReceiver.StartAsync();
        await using var child = await ChildProgram.StartAsync(_directory.Path, ("MAILSUITE_Metrics__OtlpEndpoint", collector.Url.ToString()), ("MAILSUITE_Metrics__OtlpInterval", "1 s"));
        await PlayAsync(child.SmtpPort, "QUIT");

        await Eventually.HoldsAsync(() => Task.FromResult(collector.Posts.Any(post => Encoding.Latin1.GetString(post.Body).Contains("mailsuite.smtp.server.sessions", StringComparison.Ordinal))), "a post of metrics");
        Assert.Equal("application/x-protobuf", collector.Posts[0].ContentType);
        Assert.Contains("service.name", Encoding.Latin1.GetString(collector.Posts[0].Body), StringComparison.Ordinal);
        using var answer = await Http.GetAsync(new Uri(child.Run.Web, "metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private const string Held = "mailsuite_queue_recipients{otel_scope_name=\"MailSuite.Mta\",mailsuite_queue_state=\"held\"}";

    private static Task<IReadOnlyDictionary<string, double>> ReadAsync(ProgramUnderTest program) => ReadAsync(new Uri(program.Program.Web, "metrics"));

    /// <summary>Reads the text format strictly (https://prometheus.io/docs/instrumenting/exposition_formats): series with labels → value.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> ReadAsync(Uri from)
    {
        var series = new Dictionary<string, double>(StringComparer.Ordinal);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var helps = new HashSet<string>(StringComparer.Ordinal);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        var current = "";
        foreach (var line in (await Http.GetStringAsync(from, TestContext.Current.CancellationToken)).Split('\n').Where(line => line.Length > 0 && line != "# EOF"))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                var name = comment.Groups["name"].Value;
                if (name != current)
                {
                    Assert.True(ended.Add(name), $"{name} stands in two places.");
                    current = name;
                }

                if (comment.Groups["kind"].Value == "TYPE")
                    Assert.True(types.TryAdd(name, comment.Groups["text"].Value), $"{name} has two types.");
                else
                    Assert.True(helps.Add(name), $"{name} is explained twice.");
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"This is no sample: {line}");
            var family = types[current] == "histogram" ? HistogramPart().Replace(sample.Groups["name"].Value, "") : sample.Groups["name"].Value;
            Assert.Equal(current, family);
            Assert.Contains(current, helps);
            var key = sample.Groups["name"].Value + sample.Groups["labels"].Value;
            Assert.True(series.TryAdd(key, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)), $"Twice: {key}");
        }

        Assert.All(types, type => Assert.Contains(type.Value, (string[])["counter", "gauge", "histogram"]));
        Assert.All(types.Where(type => type.Value == "counter"), type => Assert.EndsWith("_total", type.Key, StringComparison.Ordinal));
        foreach (var bucket in series.Where(one => one.Key.Contains("le=\"+Inf\"", StringComparison.Ordinal)))
            Assert.Equal(bucket.Value, series[bucket.Key.Replace("_bucket{", "_count{", StringComparison.Ordinal).Replace(",le=\"+Inf\"", "", StringComparison.Ordinal)]);
        return series;
    }

    private static double Sum(IReadOnlyDictionary<string, double> series, string name, string label = "") =>
        series.Where(one => (one.Key + '{').StartsWith(name + '{', StringComparison.Ordinal) && one.Key.Contains(label.Length == 0 ? "" : $"=\"{label}\"", StringComparison.Ordinal)).Sum(one => one.Value);

    private static async Task PlayAsync(int port, params string[] lines)
    {
        using var talk = await SmtpTalk.ConnectAsync(port);
        foreach (var line in lines)
            await talk.SayAsync(line);
    }

    private static async Task FetchAndRemoveAsync(int port)
    {
        await using var talk = await LineTalk.ConnectTlsAsync(port);
        foreach (var line in new[] { "USER ann@here.test", "PASS correct horse battery", "RETR 1" })
            Assert.StartsWith("+OK", await talk.SayAsync(line), StringComparison.Ordinal);
        await talk.ReadListAsync();
        foreach (var line in new[] { "DELE 1", "QUIT" })
            Assert.StartsWith("+OK", await talk.SayAsync(line), StringComparison.Ordinal);
    }

    private static async Task RunAsync(ProgramUnderTest program, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.True(await MailSuiteCommand.RunAsync([.. arguments, "--data", program.DataDirectory], output, error, TestContext.Current.CancellationToken) == 0, error.ToString());
    }

    [GeneratedRegex(@"^# (?<kind>TYPE|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>\S.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*")*\})? (?<value>\S+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture)]
    private static partial Regex HistogramPart();

    [GeneratedRegex(@"^\| `(?<ours>mailsuite\.[a-z0-9_.]+)` \| `(?<theirs>mailsuite_[a-z0-9_]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();
}
