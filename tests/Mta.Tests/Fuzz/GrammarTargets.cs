using System.Text;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Dsn.Incoming;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.LineProtocol.Sasl;
using MailSuite.Testing;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>Each grammar: it reads or refuses, and what it has read it reads again from what it writes.</summary>
internal static class GrammarTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("command line", Corpus.Dialogues, CommandLines),
        Of("MAIL arguments", [.. Corpus.Paths.SelectMany(path => Corpus.Parameters.Select(parameters => "FROM:" + path + parameters))], MailArgument),
        Of("RCPT arguments", [.. Corpus.Paths.SelectMany(path => Corpus.Parameters.Select(parameters => "TO:" + path + parameters))], RcptArgument),
        Of("parameters", Corpus.Parameters, Parameters),
        Of("BDAT arguments", ["0", "10", "10 LAST", "99999999999999999999 LAST"], Bdat),
        Of("xtext", ["QQ+20x", "d+C3+B6r", "+00", "a+2Bb", "dan+20\"x\"@example.org"], Xtext),
        Of("ETRN argument", ["example.org", "@example.org", "#queue", "[192.0.2.1]"], input => Same(EtrnArgument.TryParse(input.Text, out var argument), argument is not null)),
        Of("ATRN arguments", ["", "example.org", "a.example,b.example", "b\xc3\xbc.example,a.example"], Atrn),
        Of("XCLIENT, XFORWARD", ["NAME=a.example ADDR=192.0.2.9 PORT=25 PROTO=ESMTP HELO=x LOGIN=alice@example.org", "ADDR=IPV6:2001:db8::1 IDENT=+20 SOURCE=LOCAL", "NAME=[UNAVAILABLE] DESTADDR=1.2.3.4 DESTPORT=0"], Attributes),
        Of("BY", ["120;R", "-1;NT", "999999999;RT"], input => Must(!DeliverByParameter.TryParse(input.Text, out var by) || by.Seconds is > -1_000_000_000 and < 1_000_000_000, "a time that cannot be", input.Text)),
        Of("HOLDFOR, HOLDUNTIL", ["3600", "2026-11-24T12:00:00Z", "2026-11-24T12:00:00.5+01:00"], Hold),
        Of("MT-PRIORITY", ["3", "-9", "+1"], input => Must(!PriorityParameter.TryParse(input.Text, out var priority) || priority is >= -9 and <= 9, "a priority that cannot be", input.Text)),
        Of("DSN parameters", ["NEVER", "SUCCESS,FAILURE,DELAY", "HDRS", "abc+20d", "rfc822;a+2Bb@c.example", "utf-8;\\x{F6}@b.example"], Dsn),
        Of("VRFY, EXPN arguments", ["alice@example.org", "alice SMTPUTF8", "<a@b.example>", "\"a b\"@c.example"], Lookup),
        Of("client name", ["client.example.net", "[192.0.2.1]", "[IPv6:2001:db8::1]", "a_b"], input => Same(ClientName.TryParse(input.Text, out var name), name is not null && name == input.Text)),
        Of("address", Corpus.Addresses, Address),
        Of("rewritten sender", [.. Corpus.Addresses, "SRS0=ABCDEF=AA=example.net=carol@mx.example.org", "SRS1=ABCDEF=one.example==hhhh=tt=o.example=x@mx.example.org"], Rewritten),
        Of("report", ["Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\n\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a@b>\r\n\r\n--B--\r\n", "From: <>\r\n\r\nHi. This is\r\n\r\n<a@b>:\r\nno (#5.1.1)\r\n\r\nMessage-ID: <a@b>\r\n"], Report),
        Of("domain", [.. Corpus.Addresses.Select(address => address[(address.LastIndexOf('@') + 1)..])], DomainName),
        Of("reverse-path", Corpus.Paths, Reverse),
        Of("forward-path", Corpus.Paths, Forward),
        Of("SASL exchange", ["PLAIN AGFsaWNlQGV4YW1wbGUub3JnAHNlY3JldA==", "LOGIN\nYWxpY2U=\nc2VjcmV0", "PLAIN\n*", "PLAIN =", "SCRAM-SHA-256 biwsbj1hLHI9Yg==\nYz1iaXdzLHI9eA=="], Sasl),
        Of("header scan", ["Subject: =?utf-8?q?a?=\r\n b\r\nMessage-ID: <1@a>\r\nDate: x\r\nReceived: y\r\n\r\nbody", "\r\nbody", "no header"], Header),
        Of("remote reply", ["250 2.0.0 ok", "250-a", "354", "599 x", "421 4.4.2 bye"], input => RemoteReply.TryReadLine(input.Latin1, out _, out _, out _)),
        Of("EHLO of others", ["mx\nSIZE 100\nPIPELINING\n8BITMIME\nCHUNKING\nBINARYMIME\nAUTH PLAIN\nSMTPUTF8", "mx\nSIZE\nsize x"], input => ServerExtensions.Read(input.Latin1.Split('\n'))),
    ];

    private static readonly Lazy<SenderRewriting> Rewriting = new(() =>
    {
        using var directory = new TempDirectory();
        var options = new MtaOptions { DataDirectory = directory.Path, HostName = Domain.Parse("mx.example.org") };
        var keys = new SrsKeys(options);
        _ = keys.All;
        return new SenderRewriting(options, keys, TimeProvider.System);
    });

    private static readonly Lazy<FakeAccounts> Accounts = new(() =>
    {
        var accounts = new FakeAccounts();
        accounts.AddAsync(EnvelopeAddress.Parse("alice@example.org"), "secret", null, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return accounts;
    });

    private static FunctionTarget Of(string name, IReadOnlyList<string> from, Action<FuzzInput> check) => new(name, random => new Mutator(random).Text(from, Corpus.Words), check);

    private static void Rewritten(FuzzInput input)
    {
        var rewriting = Rewriting.Value;
        if (!EnvelopeAddress.TryParse(input.Text, out var address))
            return;
        if (rewriting.IsRewritten(address))
            Must(rewriting.Read(address) is not SrsAnswer.Sender, "an address of nobody that leads back", input.Text);
        if (rewriting.Rewrite(address) is { } rewritten)
            Must(rewriting.IsRewritten(rewritten) && rewriting.Read(rewritten) is SrsAnswer.Sender, "a rewritten sender that does not lead back", input.Text);
    }

    private static void Report(FuzzInput input) => Must(
        ReportReader.Read(input.Octets) is not { } report || (report.Recipients.Count <= ReportReader.MaxRecipients && report.Names.Count is > 0 and <= ReportReader.MaxNames), "a report without bounds", input.Text);

    private static void CommandLines(FuzzInput input)
    {
        foreach (var octets in input.Latin1.Split("\r\n").Select(Encoding.Latin1.GetBytes))
        {
            if (!LineReader.TryDecode(octets, out var text) || CommandLine.HasControls(text))
                continue;
            var line = CommandLine.Split(text);
            Must(!line.Verb.Contains(' ') && (line.Arguments.IsEmpty || $"{line.Verb} {line.Arguments}" == text.TrimEnd(' ')), "a command line that is not its parts", text);
        }
    }

    private static void MailArgument(FuzzInput input)
    {
        var read = MailArguments.TryParse(input.Text, out var arguments, out var error);
        Must(read == arguments is not null && read == error is null, "a result without a value or an error", input.Text);
        if (read)
            Must(MailArguments.TryParse($"FROM:{arguments!.ReversePath}", out var again, out _) && again.ReversePath.Equals(arguments.ReversePath), "a path that is not read again", arguments.ReversePath.ToString());
    }

    private static void RcptArgument(FuzzInput input)
    {
        var read = RcptArguments.TryParse(input.Text, out var arguments, out var error);
        Must(read == arguments is not null && read == error is null, "a result without a value or an error", input.Text);
        if (read && arguments!.ForwardPath.Address is { } address)
            Must(RcptArguments.TryParse($"TO:<{address}>", out var again, out _) && address.Equals(again.ForwardPath.Address), "a path that is not read again", address.ToString());
    }

    private static void Parameters(FuzzInput input)
    {
        if (!EsmtpParameter.TryReadAll(input.Text, out var parameters))
            return;
        Must(parameters.Select(parameter => parameter.Keyword).Distinct().Count() == parameters.Count, "a parameter twice", input.Text);
        Must(parameters.All(parameter => !parameter.Keyword.Any(char.IsAsciiLetterLower) && parameter.Value is not ""), "a parameter that cannot be", input.Text);
    }

    private static void Bdat(FuzzInput input)
    {
        if (BdatArguments.TryParse(input.Text, out var chunk))
            Must(chunk.Octets >= 0 && BdatArguments.TryParse($"{chunk.Octets}{(chunk.IsLast ? " LAST" : "")}", out var again) && again == chunk, "a chunk that is not read again", input.Text);
    }

    private static void Xtext(FuzzInput input)
    {
        if (XText.TryDecode(input.Text, out var decoded))
            Must(XText.TryDecode(XText.Encode(decoded), out var again) && again == decoded, "a text that is not read again", decoded);
    }

    private static void Atrn(FuzzInput input)
    {
        if (AtrnArguments.TryParse(input.Text, out var domains))
            Must(domains.Distinct().Count() == domains.Count && AtrnArguments.TryParse(string.Join(',', domains.Select(domain => domain.Ascii)), out var again) && again.SequenceEqual(domains), "domains that are not read again", input.Text);
    }

    private static void Attributes(FuzzInput input)
    {
        Same(ClientAttributes.TryRead(input.Text, ClientAttributes.OfXclient, ClientAttributes.None, out var told), told is not null);
        Same(ClientAttributes.TryRead(input.Text, ClientAttributes.OfXforward, ClientAttributes.None, out told), told is not null);
    }

    private static void Hold(FuzzInput input)
    {
        if (FutureReleaseParameters.TryParseInterval(input.Text, out var interval))
            Must(interval > TimeSpan.Zero, "a hold that is none", input.Text);
        Must(!FutureReleaseParameters.TryParseInstant(input.Text, out var instant) || instant.Offset == TimeSpan.Zero || instant != default, "an instant that is none", input.Text);
    }

    private static void Dsn(FuzzInput input)
    {
        Must(!DsnParameters.TryParseNotify(input.Text, out var notify) || notify != default, "a NOTIFY of nothing", input.Text);
        Must(!DsnParameters.TryParseReturn(input.Text, out var content) || Enum.IsDefined(content), "a RET of nothing", input.Text);
        Must(!DsnParameters.TryParseEnvelopeId(input.Text, out var id) || !id.Any(char.IsControl), "an ENVID with controls", input.Text);
        foreach (var unicode in new[] { false, true })
            Must(!DsnParameters.TryParseOriginalRecipient(input.Text, unicode, out var recipient) || recipient is not null, "a result without its value", input.Text);
    }

    private static void Lookup(FuzzInput input)
    {
        Same(LookupArguments.TryParse(input.Text, out var lookup), lookup is not null);
        Must(lookup is null || lookup.Address is not null || lookup.Name.Trim().Length > 0, "a look-up of nothing", input.Text);
    }

    private static void Address(FuzzInput input)
    {
        if (!EnvelopeAddress.TryParse(input.Text, out var address))
            return;
        var text = address.ToString();
        Must(EnvelopeAddress.TryParse(text, out var again) && again.Equals(address) && again.ToString() == text && again.GetHashCode() == address.GetHashCode(), "an address that is not read again", text);
        Must(!text.Any(char.IsControl), "an address with controls", text);
    }

    private static void DomainName(FuzzInput input)
    {
        if (!Domain.TryParse(input.Text, out var domain))
            return;
        Must(Domain.TryParse(domain.Ascii, out var again) && again.Equals(domain) && Domain.TryParse(domain.Unicode, out again) && again.Equals(domain), "a domain that is not read again", $"{domain.Ascii} {domain.Unicode}");
        Must(domain.Ascii.All(c => c is > ' ' and <= '~'), "a domain with characters that it cannot have", domain.Ascii);
    }

    private static void Reverse(FuzzInput input)
    {
        if (ReversePath.TryRead(input.Text, out var path, out var consumed))
            Must(consumed <= input.Text.Length && ReversePath.TryRead(path.ToString(), out var again, out _) && again.Equals(path), "a path that is not read again", path.ToString());
    }

    private static void Forward(FuzzInput input)
    {
        if (ForwardPath.TryRead(input.Text, out var path, out var consumed))
            Must(consumed <= input.Text.Length && input.Text[consumed - 1] == '>' && input.Text[..consumed].StartsWith('<'), "a path without its brackets", input.Text);
    }

    private static void Sasl(FuzzInput input)
    {
        var lines = input.Latin1.Split('\n');
        var first = lines[0].Split(' ', 2);
        if (!SaslExchange.TryBegin(first[0], new SaslPeer(Accounts.Value, null, ChannelBindings.None, OffersPlus: false), out var exchange))
            return;
        var step = exchange.StartAsync(first.Length > 1 ? first[1] : null).AsTask().GetAwaiter().GetResult();
        foreach (var line in lines.Skip(1))
        {
            if (step is not SaslStep.Challenge challenge)
                break;
            Convert.FromBase64String(challenge.Base64);
            step = exchange.ContinueAsync(line).AsTask().GetAwaiter().GetResult();
        }

        Must(!step.ToString().Contains("secret", StringComparison.Ordinal) || input.Latin1.Contains("secret", StringComparison.Ordinal), "a secret is shown", step.ToString());
    }

    private static void Header(FuzzInput input)
    {
        var scan = HeaderScan.Of(input.Octets);
        Must(scan.ReceivedFields <= input.Octets.Count((byte)'\n') + 1, "more fields than lines", $"{scan.ReceivedFields}");
        Must(scan.HasNul == false || input.Octets.Contains((byte)0), "a NUL that is not there", "");
        Must(!(scan.Subject + scan.MessageId).Any(c => c is '\r' or '\n' or '\0'), "a field of several lines", $"{scan.Subject} {scan.MessageId}");
    }

    private static void Same(bool one, bool other) => Must(one == other, "a result without its value", "");

    private static void Must(bool holds, string kind, string details) => FuzzException.Unless(holds, kind, details);
}
