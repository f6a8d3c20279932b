using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>Programs that people use read, change and leave mail over IMAP.</summary>
public sealed class ImapProgramTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "AUTH=PLAIN")]
    [InlineData(true, "AUTH=LOGIN")]
    public async Task Curl_lists_searches_fetches_and_leaves_messages(bool isImplicit, string login)
    {
        var curl = RealPrograms.Find("curl");
        using var ann = await Person.WithMailAsync(server, "One for curl", "Two for curl");
        var url = isImplicit ? $"imaps://127.0.0.1:{ann.ImapsPort}" : $"imap://127.0.0.1:{ann.ImapPort}";
        string[] options = ["--silent", "--show-error", "--insecure", "--ssl-reqd", "--user", $"{ann.Address}:{ann.Password}", .. login.Length == 0 ? Array.Empty<string>() : ["--login-options", login]];

        Assert.Contains("\"/\" INBOX", (await ann.RunAsync(curl, [.. options, $"{url}/"])).Replace("\"INBOX\"", "INBOX", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("* SEARCH 2", (await ann.RunAsync(curl, [.. options, $"{url}/INBOX?SUBJECT%20%22Two%20for%22"])).Trim());
        Assert.Equal((await ann.TextsAsync())[1], await ann.RunAsync(curl, [.. options, $"{url}/INBOX;MAILINDEX=2"]));
        Assert.Equal("Subject: Two for curl\r\n\r\n", await ann.RunAsync(curl, [.. options, $"{url}/INBOX;MAILINDEX=2;SECTION=HEADER.FIELDS%20(SUBJECT)"]));
        await ann.RunAsync(curl, [.. options, $"{url}/INBOX", "--upload-file", ann.Write("draft", "Subject: Left by curl\r\n\r\nHello.\r\n")]);
        Assert.Contains("(\\Flagged", await ann.RunAsync(curl, [.. options, $"{url}/INBOX", "--request", "STORE 3 +FLAGS (\\Flagged)"]), StringComparison.Ordinal);
        Assert.Contains("(MESSAGES 3 UIDNEXT 4 ", await ann.RunAsync(curl, [.. options, $"{url}/", "--request", "STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)"]), StringComparison.Ordinal);
        Assert.Equal("Subject: Left by curl\r\n\r\nHello.\r\n", (await ann.TextsAsync())[2]);
    }

    [Fact]
    public async Task Curl_is_refused_with_a_wrong_password()
    {
        var curl = RealPrograms.Find("curl");
        using var ann = await Person.WithMailAsync(server);
        var (code, _, _) = await RealPrograms.RunAsync(curl, ["--silent", "--insecure", "--user", $"{ann.Address}:wrong", $"imaps://127.0.0.1:{ann.ImapsPort}/"]);
        Assert.Equal(67, code);
    }

    [Theory]
    [InlineData("mutt")]
    [InlineData("neomutt")]
    public async Task Mutt_searches_flags_copies_and_deletes(string name)
    {
        var (mutt, expect) = (RealPrograms.Find(name), RealPrograms.Find("expect"));
        using var ann = await Person.WithMailAsync(server, "Keep me", "Throw me away");
        var curl = RealPrograms.Find("curl");
        string[] asAnn = ["--silent", "--show-error", "--insecure", "--user", $"{ann.Address}:{ann.Password}"];
        await ann.RunAsync(curl, [.. asAnn, $"imaps://127.0.0.1:{ann.ImapsPort}/", "--request", "CREATE Saved"]);
        await ShowAsync($"imaps://127.0.0.1:{ann.ImapsPort}/", "<limit>~s Keep<enter><flag-message><copy-message>=Saved<enter><limit>all<enter><quit>");
        await ShowAsync($"imap://127.0.0.1:{ann.ImapPort}/", "<limit>=b 'Throw me'<enter><delete-message><limit>all<enter><sync-mailbox><quit>");

        Assert.Contains("Subject: Keep me", Assert.Single(await ann.TextsAsync()), StringComparison.Ordinal);
        Assert.Equal("* SEARCH 1", (await ann.RunAsync(curl, [.. asAnn, $"imaps://127.0.0.1:{ann.ImapsPort}/INBOX?FLAGGED"])).Trim());
        Assert.Contains("Subject: Keep me", await ann.RunAsync(curl, [.. asAnn, $"imaps://127.0.0.1:{ann.ImapsPort}/Saved;MAILINDEX=1"]), StringComparison.Ordinal);

        Task<string> ShowAsync(string folder, string keys)
        {
            var rc = ann.Write("muttrc", $"""
                set ssl_force_tls=yes ssl_verify_host=no ssl_verify_dates=no certificate_file="{ann.CertificateFile}"
                set imap_user="{ann.Address}" imap_pass="{ann.Password}" spoolfile="{folder}INBOX" folder="{folder}" record="" header_cache=""
                set sleep_time=0 timeout=5 net_inc=0 move=no delete=yes confirmappend=no confirmcreate=no mail_check=60 wait_key=no quit=yes beep=no

                """);
            var script = ann.Write("keys.exp", $$"""
                set timeout 40
                spawn {{mutt}} -n -F {{rc}} -e {push "{{keys}}"}
                expect {
                  eof {}
                  timeout { exec kill [exp_pid]; exit 9 }
                }
                exit [lindex [wait] 3]
                """);
            return ann.RunAsync(expect, script);
        }
    }

    [Fact]
    public async Task Fetchmail_keeps_and_removes()
    {
        var fetchmail = RealPrograms.Find("fetchmail");
        using var ann = await Person.WithMailAsync(server, "One for fetchmail", "Two for fetchmail");
        await FetchAsync(ann.ImapPort, "sslproto tls1.2+", "keep");
        Assert.Equal(3, ann.Read("inbox").Split("Subject: ").Length);
        await FetchAsync(ann.ImapsPort, "ssl", "nokeep fetchall");
        Assert.Equal(5, ann.Read("inbox").Split("Subject: ").Length);
        Assert.Empty(await ann.TextsAsync());

        Task<string> FetchAsync(int port, string tls, string keep) => ann.RunAsync(fetchmail, "--fetchmailrc", ann.Write("rc", $"""
            poll 127.0.0.1 service {port} proto imap user "{ann.Address}" password "{ann.Password}" {tls} no sslcertck {keep} mda "cat >> {ann.Home}/inbox"

            """), "--pidfile", $"{ann.Home}/pid", "--idfile", $"{ann.Home}/ids");
    }

    [Theory]
    [InlineData("SimpleIMAPSSLRetriever", true)]
    [InlineData("SimplePOP3SSLRetriever", false)]
    public async Task Getmail_fetches_each_message_once(string retriever, bool isImap)
    {
        var getmail = RealPrograms.Find("getmail");
        using var ann = await Person.WithMailAsync(server, "One for getmail", "Two for getmail");
        ann.Write("rc", $"""
            [retriever]
            type = {retriever}
            server = 127.0.0.1
            port = {(isImap ? ann.ImapsPort : ann.Pop3sPort)}
            username = {ann.Address}
            password = {ann.Password}
            [destination]
            type = MDA_external
            path = /usr/bin/tee
            arguments = ("-a", "{ann.Home}/inbox")
            allow_root_commands = true
            ignore_stderr = true
            unixfrom = true
            [options]
            delete = false
            read_all = false

            """);
        for (var run = 0; run < 2; run++)
            await ann.RunAsync(getmail, "--getmaildir", ann.Home, "--rcfile", "rc");
        Assert.Equal(3, ann.Read("inbox").Split("Subject: ").Length);
    }

    [Fact]
    public async Task Mailutils_counts_over_IMAP_and_moves_over_POP3()
    {
        var (messages, movemail) = (RealPrograms.Find("messages"), RealPrograms.Find("movemail.mailutils"));
        using var ann = await Person.WithMailAsync(server, "One for mailutils", "Two for mailutils");
        var who = $"{Uri.EscapeDataString(ann.Address)}:{Uri.EscapeDataString(ann.Password)}@127.0.0.1";
        foreach (var mailbox in new[] { $"imaps://{who}:{ann.ImapsPort}", $"imap://{who}:{ann.ImapPort}", $"pops://{who}:{ann.Pop3sPort}" })
            Assert.Matches(": 2\\s", await ann.RunAsync(messages, mailbox));
        await ann.RunAsync(movemail, $"pops://{who}:{ann.Pop3sPort}", $"{ann.Home}/inbox");
        Assert.Equal(3, ann.Read("inbox").Split("Subject: ").Length);
        Assert.Empty(await ann.TextsAsync());
    }

    [Fact]
    public async Task S_nail_lists_searches_and_shows()
    {
        var nail = RealPrograms.Find("s-nail");
        using var ann = await Person.WithMailAsync(server, "One for s-nail", "Two for s-nail");
        var who = $"{Uri.EscapeDataString(ann.Address)}:{Uri.EscapeDataString(ann.Password)}@127.0.0.1";
        string[] options = ["-Sscreen=200", "-Sheadline=%n %s", "-:/", "-Sv15-compat", "-Stls-verify=ignore", "-Sttycharset=utf-8"];
        foreach (var mailbox in new[] { $"imaps://{who}:{ann.ImapsPort}/INBOX", $"pop3s://{who}:{ann.Pop3sPort}" })
            Assert.Contains("Two for s-nail", await ann.RunWithInputAsync(nail, "headers\nfrom 1-$\nx\n", [.. options, "-R", "-f", mailbox]), StringComparison.Ordinal);
        Assert.Contains("body of Two", await ann.RunWithInputAsync(nail, "search @s@Two\ntype \x60\nx\n", [.. options, "-f", $"imaps://{who}:{ann.ImapsPort}/INBOX"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Python_works_with_imaplib_and_poplib()
    {
        var python = RealPrograms.Find("python3");
        using var ann = await Person.WithMailAsync(server, "One for Python", "Two for Python");
        var said = await ann.RunAsync(python, Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts", "mailboxes.py"),
            ann.Address, ann.Password, $"{ann.ImapPort}", $"{ann.ImapsPort}", $"{ann.Pop3Port}", $"{ann.Pop3sPort}");
        Assert.EndsWith("all done\n", said.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("imap", "-tls1_2")]
    [InlineData("imap", "-tls1_3")]
    [InlineData("pop3", "-tls1_2")]
    [InlineData("pop3", "-tls1_3")]
    public async Task Openssl_upgrades_and_connects(string protocol, string version)
    {
        var openssl = RealPrograms.Find("openssl");
        using var ann = await Person.WithMailAsync(server);
        var (upgraded, whole) = protocol == "imap" ? (ann.ImapPort, ann.ImapsPort) : (ann.Pop3Port, ann.Pop3sPort);
        Assert.Contains("New, TLSv1", await ann.RunWithInputAsync(openssl, "", "s_client", "-connect", $"127.0.0.1:{upgraded}", "-starttls", protocol, version), StringComparison.Ordinal);
        Assert.Contains("New, TLSv1", await ann.RunWithInputAsync(openssl, "", "s_client", "-connect", $"127.0.0.1:{whole}", version), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imapflow_lives_in_a_mailbox()
    {
        var node = RealPrograms.Find("node", "nodejs");
        var modules = Environment.GetEnvironmentVariable("MAILSUITE_TEST_NODE_MODULES") ?? "";
        if (!Directory.Exists(Path.Combine(modules, "imapflow")))
            RealPrograms.Missing("MAILSUITE_TEST_NODE_MODULES does not name a node_modules folder with imapflow (npm install imapflow).");
        using var ann = await Person.WithMailAsync(server, "One for imapflow", "Two for imapflow");
        var said = await ann.RunAsync(node, Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts", "imapflow.cjs"),
            Path.Combine(modules, "imapflow"), ann.Address, ann.Password, $"{ann.ImapPort}", $"{ann.ImapsPort}");
        Assert.EndsWith("all done\n", said.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
