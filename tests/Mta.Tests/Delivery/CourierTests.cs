using System.Globalization;
using System.Text;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Routing;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Content;
using MailSuite.Testing;

namespace MailSuite.Mta.Tests.Delivery;

public sealed class CourierTests
{
    private const string Plain = "Subject: x\r\n\r\nHello.\r\n";
    private const string EightBit = "Subject: x\r\n\r\nGrüße.\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_each_recipient_its_own_outcome()
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line switch
        {
            "RCPT TO:<no@there.test>" => "550-5.1.1 nobody\r\n550 5.1.1 of that name",
            "RCPT TO:<later@there.test>" => "450 4.2.1 busy",
            _ => null,
        };

        var report = await scene.SendAsync(Plain, "yes@there.test", "no@there.test", "later@there.test", "too@there.test");

        Assert.Equal(["Delivered 2.0.0", "Failed 5.1.1", "Deferred 4.2.1", "Delivered 2.0.0"], Outcomes(report));
        Assert.Equal("550-5.1.1 nobody\n550 5.1.1 of that name", report.Results[1].Outcome.RemoteReply);
        Assert.Equal("mx1.there.test", report.Results[1].Outcome.RemoteHost);
        Assert.Equal(["RCPT TO:<yes@there.test>", "RCPT TO:<too@there.test>"], Assert.Single(scene.Peer.Messages).Rcpts);
        Assert.Equal(["yes@there.test", "too@there.test"], scene.Taken);
    }

    [Fact]
    public async Task Commits_what_was_taken_before_it_says_goodbye()
    {
        await using var scene = new CourierScene();

        await scene.SendAsync(Plain, "bob@there.test");

        await scene.CloseAsync();
        Assert.Equal(".", scene.LastCommandBeforeCommit);
        Assert.Equal("QUIT", scene.Peer.Commands[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Speaks_the_same_with_and_without_pipelining(bool pipelining)
    {
        await using var scene = new CourierScene();
        if (!pipelining)
            scene.Peer.Extensions = ["8BITMIME"];

        var report = await scene.SendAsync(EightBit, "bob@there.test", "cy@there.test");

        await scene.CloseAsync();
        Assert.Equal(["Delivered 2.0.0", "Delivered 2.0.0"], Outcomes(report));
        Assert.Equal(
            ["EHLO mx.here.test", $"MAIL FROM:<ann@here.test>{(pipelining ? " SIZE=24" : "")} BODY=8BITMIME", "RCPT TO:<bob@there.test>", "RCPT TO:<cy@there.test>", "DATA", ".", "QUIT"],
            scene.Peer.Commands);
        Assert.Equal(EightBit, scene.Peer.Messages[0].Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sends_nothing_when_nobody_takes_it(bool answersData)
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : line == "DATA" && answersData ? "354 go on all the same" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        await scene.CloseAsync();
        Assert.Equal(["Failed 5.1.1"], Outcomes(report));
        Assert.Equal("QUIT", scene.Peer.Commands[^1]);
        Assert.All(scene.Peer.Messages, message => Assert.Empty(message.Octets));
    }

    [Fact]
    public async Task Takes_a_refused_MAIL_for_all_recipients()
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line.StartsWith("MAIL", StringComparison.Ordinal) ? "553 5.1.8 no such sender" : line.StartsWith("RCPT", StringComparison.Ordinal) ? "503 5.5.1 MAIL first" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test", "cy@there.test");

        Assert.Equal(["Failed 5.1.8", "Failed 5.1.8"], Outcomes(report));
    }

    [Theory]
    [InlineData("450 4.3.2 full", "Deferred 4.3.2")]
    [InlineData("554 5.7.1 spam", "Failed 5.7.1")]
    [InlineData("554 because", "Failed 5.0.0")]
    [InlineData("554 4.7.1 a class that does not fit", "Failed 5.0.0")]
    [InlineData("354 what?", "Deferred 4.5.0")]
    [InlineData(SmtpPeer.Drop, "Deferred 4.4.2")]
    public async Task Believes_the_reply_to_the_final_dot(string reply, string outcome)
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line == "." ? reply : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal([outcome], Outcomes(report));
        Assert.Empty(scene.Taken);
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task Goes_to_the_next_host_when_one_hangs_up(string at)
    {
        await using var scene = new CourierScene(hosts: 2);
        scene.Peer.OnCommand = line => line.StartsWith(at, StringComparison.Ordinal) ? SmtpPeer.Drop : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Delivered 2.0.0"], Outcomes(report));
        Assert.Equal("mx2.there.test", report.Results[0].Outcome.RemoteHost);
        Assert.Single(scene.Peers[1].Messages);
        Assert.Equal(2, report.Sessions.Count);
    }

    [Theory]
    [InlineData("421 4.3.2 closing", "Deferred 4.3.2")]
    [InlineData("451 4.7.1 greylisted", "Deferred 4.7.1")]
    public async Task Asks_every_host_before_it_defers(string reply, string outcome)
    {
        await using var scene = new CourierScene(hosts: 2);
        foreach (var peer in scene.Peers)
            peer.OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? reply : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal([outcome], Outcomes(report));
        Assert.All(scene.Peers, peer => Assert.Equal(1, peer.Connections));
        Assert.False(report.Unreachable);
    }

    [Fact]
    public async Task Does_not_ask_another_host_when_one_has_refused_for_ever()
    {
        await using var scene = new CourierScene(hosts: 2);
        scene.Peer.OnCommand = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? "550 5.1.1 no" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Failed 5.1.1"], Outcomes(report));
        Assert.Equal(0, scene.Peers[1].Connections);
    }

    [Fact]
    public async Task Takes_only_those_to_the_next_host_whom_the_first_has_not_answered()
    {
        await using var scene = new CourierScene(hosts: 2);
        scene.Peer.OnCommand = line => line.StartsWith("RCPT TO:<later", StringComparison.Ordinal) ? "450 4.2.1 busy" : null;

        var report = await scene.SendAsync(Plain, "now@there.test", "later@there.test");

        Assert.Equal(["Delivered 2.0.0", "Delivered 2.0.0"], Outcomes(report));
        Assert.Equal(["RCPT TO:<now@there.test>"], scene.Peer.Messages[0].Rcpts);
        Assert.Equal(["RCPT TO:<later@there.test>"], scene.Peers[1].Messages[0].Rcpts);
    }

    [Theory]
    [InlineData("554 5.3.2 no mail here", "Failed 5.3.2")]
    [InlineData("421 4.3.2 too busy", "Deferred 4.3.2")]
    [InlineData("220", "Delivered 2.0.0")]
    [InlineData("hello?", "Deferred 4.5.0")]
    [InlineData("220-a\r\n550 b", "Deferred 4.5.0")]
    public async Task Takes_the_greeting_at_its_word(string greeting, string outcome)
    {
        await using var scene = new CourierScene();
        scene.Peer.Greeting = greeting;

        Assert.Equal([outcome], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
    }

    [Fact]
    public async Task Lets_doubt_about_one_host_outweigh_the_no_of_another()
    {
        await using var scene = new CourierScene(hosts: 2);
        scene.Peer.Greeting = "421 4.3.2 too busy";
        scene.Peers[1].Greeting = "554 5.3.2 no mail here";

        Assert.Equal(["Deferred 4.3.2"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
    }

    [Fact]
    public async Task Falls_back_to_HELO()
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "502 what?" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Delivered 2.0.0"], Outcomes(report));
        Assert.Equal(["EHLO mx.here.test", "HELO mx.here.test", "MAIL FROM:<ann@here.test>"], scene.Peer.Commands.Take(3));
    }

    [Fact]
    public async Task Does_not_send_mail_to_itself()
    {
        await using var scene = new CourierScene();
        scene.Peer.Name = "MX.here.test";

        var report = await scene.SendAsync(Plain, "bob@there.test");

        await scene.CloseAsync();
        Assert.Equal(["Failed 5.4.6"], Outcomes(report));
        Assert.Equal("QUIT", scene.Peer.Commands[^1]);
    }

    [Fact]
    public async Task Keeps_the_mail_when_a_host_of_the_settings_turns_out_to_be_ourselves()
    {
        await using var scene = new CourierScene(hosts: 2) { Transport = new Transport("provider", 0) };
        scene.Peer.Name = "MX.here.test";

        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));

        await scene.CloseAsync();
        scene.OnlyHost = 0;
        var report = await scene.SendAsync(Plain, "bob@there.test");
        Assert.Equal(["Deferred 4.4.4"], Outcomes(report));
        Assert.Contains("The transport provider leads back here", report.Results[0].Outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RCPT TO:<no", "550 5.1.1 nobody", "Failed 5.1.1", "PIPELINING")]
    [InlineData("RCPT TO:<no", "550 5.1.1 nobody", "Failed 5.1.1")]
    [InlineData("DATA", "451 4.3.0 not now", "Deferred 4.3.0", "PIPELINING")]
    [InlineData("DATA", "451 4.3.0 not now", "Deferred 4.3.0")]
    public async Task Ends_a_transaction_that_came_to_nothing_before_it_begins_the_next(string command, string reply, string outcome, params string[] extensions)
    {
        await using var scene = new CourierScene { Limits = new() { MaxRecipients = 2 } };
        var (isOpen, refusals) = (false, 0);
        scene.Peer.Extensions = extensions;
        scene.Peer.OnCommand = line =>
        {
            if (line.StartsWith("MAIL", StringComparison.Ordinal) && isOpen)
                return "503 5.5.1 nested MAIL";
            isOpen = line.StartsWith("MAIL", StringComparison.Ordinal) || (isOpen && line is not ("RSET" or "."));
            return line.StartsWith(command, StringComparison.Ordinal) && refusals++ < 2 && !(command == "DATA" && refusals > 1) ? reply : null;
        };

        Assert.Equal([outcome, outcome, "Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "no1@there.test", "no2@there.test", "bob@there.test")));
    }

    [Fact]
    public async Task Does_not_change_8_bit_content_for_a_host_that_cannot_take_it()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = [];

        Assert.Equal(["Failed 5.6.3"], Outcomes(await scene.SendAsync(EightBit, "bob@there.test")));
        await scene.CloseAsync();
        Assert.Equal(["EHLO mx.here.test", "QUIT"], scene.Peer.Commands);
    }

    [Fact]
    public async Task Needs_SMTPUTF8_for_an_internationalised_address_or_header_only()
    {
        await using var scene = new CourierScene { SmtpUtf8 = true };
        scene.Peer.Extensions = ["8BITMIME"];

        Assert.Equal(["Failed 5.6.7"], Outcomes(await scene.SendAsync(Plain, "dör@there.test")));
        Assert.Equal(["Failed 5.6.7"], Outcomes(await scene.SendAsync("Subject: Grüße\r\n\r\nx\r\n", "bob@there.test")));
        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(EightBit, "bob@there.test")));

        await scene.CloseAsync();
        scene.Peer.Extensions = ["8BITMIME", "SMTPUTF8"];
        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "dör@there.test")));
        Assert.Contains("MAIL FROM:<ann@here.test> SMTPUTF8", scene.Peer.Commands);
    }

    [Theory]
    [InlineData("PIPELINING", "8BITMIME")]
    [InlineData("8BITMIME")]
    public async Task Serves_the_other_recipients_of_a_host_that_takes_no_internationalised_address(params string[] extensions)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = extensions;

        var report = await scene.SendAsync(Plain, "d\u00f6r@there.test", "bob@there.test", "cy@there.test");

        Assert.Equal(["Failed 5.6.7", "Delivered 2.0.0", "Delivered 2.0.0"], Outcomes(report));
        Assert.Equal(["RCPT TO:<bob@there.test>", "RCPT TO:<cy@there.test>"], Assert.Single(scene.Peer.Messages).Rcpts);
    }

    [Theory]
    [InlineData(100, "Delivered 2.0.0")]
    [InlineData(99, "Failed 5.3.4")]
    public async Task Heeds_the_largest_size_that_a_host_takes(int max, string outcome)
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = [$"SIZE {max.ToString(CultureInfo.InvariantCulture)}"];

        Assert.Equal([outcome], Outcomes(await scene.SendAsync("Subject: x\r\n\r\n".PadRight(98, 'x') + "\r\n", "bob@there.test")));
    }

    [Fact]
    public async Task Encrypts_when_it_can_whoever_signed_the_certificate()
    {
        await using var scene = new CourierScene();
        using var certificate = SmtpPeerCertificate.SelfSigned("mx1.there.test");
        scene.Peer.Certificate = certificate;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Delivered 2.0.0"], Outcomes(report));
        Assert.NotNull(scene.Peer.Messages[0].Tls);
        Assert.False(report.Sessions[0].Tls!.PeerVerified);
        Assert.Equal(["EHLO mx.here.test", "STARTTLS", "EHLO mx.here.test"], scene.Peer.Commands.Take(3));
        Assert.Contains(report.Sessions[0].Dialogue, line => line.Text.Contains("certificate not verified", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Comes_again_in_clear_when_TLS_does_not_work()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["STARTTLS"]; // and no certificate

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Delivered 2.0.0"], Outcomes(report));
        Assert.Null(scene.Peer.Messages[0].Tls);
        Assert.Equal(2, scene.Peer.Connections);
        Assert.Contains(report.Sessions[0].Dialogue, line => line.Text.Contains("handshake failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drops_what_somebody_put_behind_the_answer_to_STARTTLS()
    {
        await using var scene = new CourierScene();
        using var certificate = SmtpPeerCertificate.SelfSigned("mx1.there.test");
        scene.Peer.Certificate = certificate;
        scene.Peer.OnCommand = line => line == "STARTTLS" ? "220 go on\r\n250 injected" : null;

        await scene.SendAsync(Plain, "bob@there.test");

        Assert.NotNull(Assert.Single(scene.Peer.Messages).Tls);
        Assert.Equal(1, scene.Peer.Connections);
    }

    [Fact]
    public async Task Goes_on_in_clear_when_STARTTLS_is_refused()
    {
        await using var scene = new CourierScene();
        scene.Peer.Extensions = ["STARTTLS"];
        scene.Peer.OnCommand = line => line == "STARTTLS" ? "454 4.7.0 not now" : null;

        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
        Assert.Equal(1, scene.Peer.Connections);
    }

    [Theory]
    [InlineData("452 4.5.3 too many")]
    [InlineData("552 too many recipients")]
    public async Task Comes_again_in_the_same_session_when_there_are_too_many_recipients(string reply)
    {
        await using var scene = new CourierScene();
        var taken = 0;
        scene.Peer.OnCommand = line =>
        {
            if (line.StartsWith("MAIL", StringComparison.Ordinal))
                taken = 0;
            return line.StartsWith("RCPT", StringComparison.Ordinal) && ++taken > 2 ? reply : null;
        };

        var report = await scene.SendAsync(Plain, "a@there.test", "b@there.test", "c@there.test", "d@there.test", "e@there.test");

        Assert.All(Outcomes(report), outcome => Assert.Equal("Delivered 2.0.0", outcome));
        Assert.Equal(3, scene.Peer.Messages.Count);
        Assert.Equal(1, scene.Peer.Connections);
        Assert.Equal(5, report.Sessions[0].Results.Count);
    }

    [Fact]
    public async Task Does_not_wait_for_ever_for_a_reply()
    {
        await using var scene = new CourierScene { Options = new() { ReplyTimeout = TimeSpan.FromMilliseconds(200), FinalReplyTimeout = TimeSpan.FromMilliseconds(200) } };
        scene.Peer.Extensions = [];
        scene.Peer.OnCommand = line => line == "DATA" ? SmtpPeer.Silence : null;
        Assert.Equal(["Deferred 4.4.2"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));

        scene.Peer.OnCommand = line => line == "." ? SmtpPeer.Silence : null;
        Assert.Equal(["Deferred 4.4.2"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
    }

    [Fact]
    public async Task Does_not_listen_to_a_reply_without_end()
    {
        await using var scene = new CourierScene { Limits = new() { MaxReplyLines = 5, QuitTimeout = TimeSpan.FromSeconds(1) } };
        scene.Peer.Extensions = [];

        scene.Peer.Greeting = string.Join("\r\n", Enumerable.Repeat("220-more", 4)) + "\r\n220 end";
        Assert.Equal(["Delivered 2.0.0"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
        await scene.CloseAsync();
        scene.Peer.Greeting = string.Join("\r\n", Enumerable.Repeat("220-more", 5)) + "\r\n220 end";
        Assert.Equal(["Deferred 4.5.0"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
        scene.Peer.Greeting = "220 " + new string('x', 4000);
        Assert.Equal(["Deferred 4.5.0"], Outcomes(await scene.SendAsync(Plain, "bob@there.test")));
    }

    [Fact]
    public async Task Hides_control_characters_of_a_reply()
    {
        await using var scene = new CourierScene();
        scene.Peer.OnCommand = line => line == "." ? "554 5.7.1 \u001b[31mred\u0007" : null;

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal("554 5.7.1 ?[31mred?", report.Results[0].Outcome.RemoteReply);
    }

    [Fact]
    public async Task Says_that_nobody_answered_when_no_host_is_there()
    {
        await using var scene = new CourierScene();
        await scene.Peer.DisposeAsync();

        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(["Deferred 4.4.1"], Outcomes(report));
        Assert.True(report.Unreachable);
    }

    [Fact]
    public async Task Sends_from_a_file_what_it_sends_from_memory()
    {
        using var directory = new TempDirectory();
        var octets = Encoding.UTF8.GetBytes("Subject: big\r\n\r\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => string.Create(CultureInfo.InvariantCulture, $".line {i}\r\n"))));
        await File.WriteAllBytesAsync(directory.File("body"), octets, Cancel);
        await using var scene = new CourierScene();

        await scene.SendAsync(new FileContent(directory.File("body"), octets.Length), "bob@there.test");
        await scene.SendAsync(new MemoryContent(octets), "bob@there.test");

        Assert.All(scene.Peer.Messages, message => Assert.Equal(octets, message.Octets));
        Assert.Equal(2, scene.Peer.Messages.Count);
    }

    [Fact]
    public async Task Sends_a_null_reverse_path_and_an_address_that_needs_quotes()
    {
        await using var scene = new CourierScene { From = "" };

        await scene.SendAsync(Plain, "\"b o b\"@there.test");

        Assert.Contains("MAIL FROM:<> SIZE=22", scene.Peer.Commands);
        Assert.Contains("RCPT TO:<\"b o b\"@there.test>", scene.Peer.Commands);
    }

    private static IEnumerable<string> Outcomes(CourierReport report) => report.Results.Select(result => $"{result.Outcome.Kind} {result.Outcome.Status}");
}
