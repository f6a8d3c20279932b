using System.Net;
using CsCheck;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Logging;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class ConfigurationTests
{
    /// <summary>What a fuzzer puts together to something that is nearly a configuration.</summary>
    private static readonly string[] Tokens =
        ["{", "}", "[", "]", ",", ":", "\"Mta\"", "\"Smtp\"", "\"Port\"", "\"Aliases\"", "\"Domains\"", "\"a@example.org\"", "null", "true", "1", "-1e999", "\"x\"", "//", "/*", "\n"];

    [Fact]
    public void Takes_the_defaults_of_the_modules_where_nothing_is_said()
    {
        var settings = Read(Least);
        Assert.Equal(50 * 1024 * 1024, settings.Mta.MaxMessageOctets);
        Assert.Equal(TimeSpan.FromDays(5), settings.Mta.Relay.Lifetime);
        Assert.Equal([25, 587, 465, 143, 993, 110, 995, 443], settings.Endpoints.Select(endpoint => endpoint.Port));
        Assert.True(settings.Mta.RelayEnabled);
        Assert.False(settings.Mta.AllowPlaintextAuthentication);
        Assert.False(settings.Mda.EveryoneIsLocal);
        Assert.True(settings.Mua.SecureCookies);
    }

    [Fact]
    public void Reads_DNS_lists_with_what_follows_what_they_list_and_which_answers_count()
    {
        var lists = Read(With("""
            "Strictness": { "DnsLists": { "one.example": [], "two.example": ["quarantine", "domain", "127.0.0.2", "127.0.0.4/30"], "three.example": "allow" } }
            """)).Mta.Strictness.DnsLists;
        Assert.Equal(["one.example", "two.example", "three.example"], lists.Select(list => list.Zone));
        Assert.Equal([DnsListAction.Refuse, DnsListAction.Quarantine, DnsListAction.Allow], lists.Select(list => list.Action));
        Assert.Equal([DnsListSubject.Address, DnsListSubject.Domain, DnsListSubject.Address], lists.Select(list => list.Subject));
        Assert.Equal([IPNetwork.Parse("127.0.0.2/32"), IPNetwork.Parse("127.0.0.4/30")], lists[1].Codes);
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("192.0.2.1", true)]
    [InlineData("0.0.0.0/1", true)]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("::/0", false)]
    public void Relays_without_authentication_for_a_network_and_never_for_everybody(string network, bool taken)
    {
        var text = With($$"""
            "Mta": { "RelayNetworks": ["{{network}}"] }
            """);
        if (taken)
            Assert.Single(Read(text).Mta.RelayNetworks);
        else
            Assert.Contains("the whole Internet", Assert.Single(MistakesOf(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_comments_trailing_commas_and_names_in_any_case()
    {
        var settings = Read("""
            // a comment
            {
              "hostname": "mail.example.org", /* another */
              "DOMAINS": ["bücher.example",],
              "mta": { "maxrecipients": 200, },
            }
            """);
        Assert.Equal(200, settings.Mta.MaxRecipients);
        Assert.Equal("xn--bcher-kva.example", Assert.Single(settings.Mda.Domains).Ascii);
    }

    [Fact]
    public void Reads_sizes_and_times_with_their_units()
    {
        var settings = Read(With("""
            "Mta": { "MaxMessageOctets": "10 MiB", "MaxCommandLineOctets": 4096, "CommandTimeout": "90 s" },
            "Relay": { "RetryDelays": ["1 min", "2h"], "Lifetime": "3 d", "DnsServers": ["127.0.0.1:5353", "::1"] },
            "Mda": { "DetailSeparators": null }
            """));
        Assert.Equal(10 << 20, settings.Mta.MaxMessageOctets);
        Assert.Equal(4096, settings.Mta.MaxCommandLineOctets);
        Assert.Equal(TimeSpan.FromSeconds(90), settings.Mta.CommandTimeout);
        Assert.Equal([TimeSpan.FromMinutes(1), TimeSpan.FromHours(2)], settings.Mta.Relay.RetryDelays);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 5353), new IPEndPoint(IPAddress.IPv6Loopback, 53)], settings.Mta.Relay.DnsServers);
        Assert.Equal("", settings.Mda.DetailSeparators);
    }

    [Fact]
    public void Lets_the_environment_win_over_the_file()
    {
        var settings = Read(With("""  "Smtp": { "Port": 2525 }, "Log": { "Level": "Error" } """), Profile.Server,
            ("MAILSUITE_Smtp__Port", "2626"), ("mailsuite_relay__dnsservers", "127.0.0.1, 127.0.0.2:54"), ("MAILSUITE_Mta__MaxMessageOctets", "1 MiB"),
            ("MAILSUITE_Aliases", """{ "info@example.org": ["ann@example.org"] }"""), ("MAILSUITE_PORT_OFFSET", "10"), ("MAILSUITE_DATA", "/elsewhere"));
        Assert.Equal(2636, settings.Endpoints[0].Port);
        Assert.Equal(2, settings.Mta.Relay.DnsServers.Count);
        Assert.Equal(1 << 20, settings.Mta.MaxMessageOctets);
        Assert.Equal(EnvelopeAddress.Parse("ann@example.org"), Assert.Single(settings.Mda.Aliases[EnvelopeAddress.Parse("info@example.org")]));
        Assert.Equal(Path.GetFullPath("/elsewhere"), settings.DataDirectory);
        Assert.Equal(LogLevel.Error, settings.Log.Level);
    }

    [Fact]
    public void Leaves_alone_the_variables_that_container_platforms_make_for_a_service_of_our_name() =>
        Assert.Equal(25, Read(Least, Profile.Server, ("MAILSUITE_PORT", "tcp://10.0.0.1:25"), ("MAILSUITE_SERVICE_HOST", "10.0.0.1")).Endpoints[0].Port);

    [Fact]
    public void Tells_every_mistake_at_once_with_its_line()
    {
        var mistakes = MistakesOf("""
            {
              "HostName": "localhost",
              "Domains": ["exa mple.org"],
              "Smtp": { "Port": 99999 },
              "Mta": {
                "MaxRecipients": "many",
                "MaxMessageOctetts": 100000
              },
              "Colour": "red"
            }
            """);
        Assert.Collection(mistakes,
            mistake => Assert.StartsWith("mailsuite.json:2: HostName = localhost: A mail server says its full name", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("mailsuite.json:3: Domains[0] = exa mple.org: This must be a domain name. Write for example", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("mailsuite.json:3: Domains = […]: There is no domain here.", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("mailsuite.json:4: Smtp:Port = 99999: A port is a number from 1 to 65535", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("mailsuite.json:6: Mta:MaxRecipients = many: This must be a whole number from 100 to 100000. The default is 1000.", mistake, StringComparison.Ordinal),
            mistake => Assert.Equal("mailsuite.json:7: Mta:MaxMessageOctetts = 100000: There is no such setting. Did you mean Mta:MaxMessageOctets?", mistake),
            mistake => Assert.StartsWith("mailsuite.json:9: Colour = red: There is no such setting. Remove it; at the top there are", mistake, StringComparison.Ordinal));
    }

    [Fact]
    public void Reads_the_bounds_of_what_senders_may_ask()
    {
        var most = Read(With("""
            "Mta": { "MaxTransactions": 1000000, "MaxFutureRelease": "3650 d", "DsnForStrangers": false },
            "Relay": { "DelayWarning": "60 d", "MaxReturnedOctets": "64 MiB", "KeepSuppressions": "3650 d", "Suppression": false }
            """));
        Assert.Equal((1_000_000, TimeSpan.FromDays(3650), false), (most.Mta.MaxTransactions, most.Mta.MaxFutureRelease, most.Mta.DsnForStrangers));
        Assert.Equal((TimeSpan.FromDays(60), 64 << 20), (most.Mta.Relay.DelayWarning, most.Mta.Relay.MaxReturnedOctets));
        Assert.Equal((TimeSpan.FromDays(3650), false), (most.Mta.Relay.KeepSuppressions, most.Mta.Relay.Suppression));

        var least = Read(With("""
            "Mta": { "MaxTransactions": 1, "MaxFutureRelease": "0 s" },
            "Relay": { "DelayWarning": "0 s", "MaxReturnedOctets": 0, "KeepSuppressions": "1 h" }
            """));
        Assert.Equal((1, TimeSpan.Zero), (least.Mta.MaxTransactions, least.Mta.MaxFutureRelease));
        Assert.Equal((TimeSpan.Zero, 0), (least.Mta.Relay.DelayWarning, least.Mta.Relay.MaxReturnedOctets));
        Assert.Equal((TimeSpan.FromHours(1), true), (least.Mta.Relay.KeepSuppressions, least.Mta.Relay.Suppression));
    }

    [Theory]
    [InlineData("""  "Mta": { "MaxTransactions": 0 } """, "Mta:MaxTransactions = 0: This must be a whole number from 1")]
    [InlineData("""  "Mta": { "MaxTransactions": 1000001 } """, "Mta:MaxTransactions = 1000001: This must be a whole number from 1 to 1000000")]
    [InlineData("""  "Mta": { "MaxFutureRelease": "3651 d" } """, "Mta:MaxFutureRelease = 3651 d: This must be a time")]
    [InlineData("""  "Mta": { "DsnForStrangers": "no" } """, "Mta:DsnForStrangers = no: This must be")]
    [InlineData("""  "Relay": { "DelayWarning": "61 d" } """, "Relay:DelayWarning = 61 d: This must be a time")]
    [InlineData("""  "Relay": { "MaxReturnedOctets": 67108865 } """, "Relay:MaxReturnedOctets = 67108865: This must be a size")]
    [InlineData("""  "Relay": { "DoubleBounceAddress": "root" } """, "Relay:DoubleBounceAddress = root: This must be a mail address")]
    [InlineData("""  "Relay": { "Suppression": "off" } """, "Relay:Suppression = off: This must be true or false")]
    [InlineData("""  "Relay": { "KeepSuppressions": "59 min" } """, "Relay:KeepSuppressions = 59 min: This must be a time from 1 h to 3650 d")]
    [InlineData("""  "Relay": { "KeepSuppressions": "3651 d" } """, "Relay:KeepSuppressions = 3651 d: This must be a time from 1 h to 3650 d")]
    [InlineData("""  "Relay": { "DoubleBounces": "off" } """, "Relay:DoubleBounces = off: This must be true or false")]
    [InlineData("""  "Forwarding": { "SrsDomain": "a b" } """, "Forwarding:SrsDomain = a b: This must be a domain name")]
    [InlineData("""  "Forwarding": { "SrsDomain": "[192.0.2.1]" } """, "Rewritten senders need a domain")]
    [InlineData("""  "Forwarding": { "SrsKeyFile": "srs.keys" } """, "Forwarding:SrsKeyFile = srs.keys: This must be a path")]
    [InlineData("""  "Forwarding": { "SrsMaxAge": "23 h" } """, "Forwarding:SrsMaxAge = 23 h: This must be a time from 1 d to 512 d")]
    [InlineData("""  "Forwarding": { "SrsMaxAge": "513 d" } """, "Forwarding:SrsMaxAge = 513 d: This must be a time from 1 d to 512 d")]
    [InlineData("""  "Forwarding": { "SrsMaxAge": "36 h" } """, "Rewritten senders tell the day only")]
    [InlineData("""  "Forwarding": { "SrsHashCharacters": 3 } """, "Forwarding:SrsHashCharacters = 3: This must be a whole number from 4 to 32")]
    [InlineData("""  "Forwarding": { "SrsHashCharacters": 33 } """, "Forwarding:SrsHashCharacters = 33: This must be a whole number from 4 to 32")]
    [InlineData("""  "Forwarding": { "SrsSeparator": "_" } """, "Forwarding:SrsSeparator = _: This must be one of the characters = + -")]
    [InlineData("""  "Forwarding": { "RewriteSenders": 1 } """, "Forwarding:RewriteSenders = 1: This must be true or false")]
    [InlineData("""  "Mta": { "MaxRecipients": 99 } """, "Mta:MaxRecipients = 99: This must be a whole number from 100")]
    [InlineData("""  "Mta": { "MaxRecipients": "1000" } """, "Mta:MaxRecipients = 1000: This must be a whole number")]
    [InlineData("""  "Mta": { "MaxRecipients": true } """, "Mta:MaxRecipients = true: This must be")]
    [InlineData("""  "Mta": { "MaxRecipients": [1] } """, "Mta:MaxRecipients = […]: This must be")]
    [InlineData("""  "Mta": { "CommandTimeout": 300 } """, "Mta:CommandTimeout = 300: This must be a time from 1 s to 1 h. Write a number and ms, s, min, h or d")]
    [InlineData("""  "Mta": { "CommandTimeout": "2 h" } """, "Mta:CommandTimeout = 2 h: This must be a time")]
    [InlineData("""  "Mta": { "MaxMessageOctets": "50 megs" } """, "Mta:MaxMessageOctets = 50 megs: This must be a size from 64 KiB")]
    [InlineData("""  "Mta": [] """, "Mta = […]: There is no such setting")]
    [InlineData("""  "Mta": 5 """, "Mta = 5: There is no such setting")]
    [InlineData("""  "Strictness": { "HelloName": "Lax" } """, "Strictness:HelloName = Lax: This must be one of Rfc, Tolerant")]
    [InlineData("""  "Strictness": { "DnsLists": { "a b": [] } } """, "The list must be a domain name")]
    [InlineData("""  "Strictness": { "DnsLists": { "l.example": ["reject"] } } """, "Strictness:DnsLists:l.example[0] = reject: This must be refuse, defer")]
    [InlineData("""  "Strictness": { "DnsLists": { "l.example": ["10.0.0.1"] } } """, "Strictness:DnsLists:l.example[0] = 10.0.0.1: This must be refuse, defer")]
    [InlineData("""  "Strictness": { "MaxHeaderLineOctets": 999 } """, "This must be a size from 1000")]
    [InlineData("""  "Aliases": { "info": ["ann@example.org"] } """, "Aliases:info = […]: The alias must be a mail address")]
    [InlineData("""  "Aliases": { "info@example.org": ["ann"] } """, "Aliases:info@example.org[0] = ann: This must be a mail address")]
    [InlineData("""  "Aliases": { "info@example.org": [] } """, "Aliases:info@example.org = […]: The alias leads to nobody")]
    [InlineData("""  "Aliases": { "info@elsewhere.example": ["ann@example.org"] } """, "The domain of info@elsewhere.example is not kept here")]
    [InlineData("""  "Aliases": { "info@example.org": ["jörg@elsewhere.example"] } """, "Not every host takes mail for jörg@elsewhere.example")]
    [InlineData("""  "Moved": { "old": "new@elsewhere.example" } """, "Moved:old = new@elsewhere.example: The address that has moved must be a mail address")]
    [InlineData("""  "Moved": { "old@elsewhere.example": "new@elsewhere.example" } """, "The domain of old@elsewhere.example is not kept here")]
    [InlineData("""  "Moved": { "old@example.org": [] } """, "One new address is needed")]
    [InlineData("""  "Moved": { "old@example.org": "old@example.org" } """, "The address has moved to itself")]
    [InlineData("""  "Aliases": { "a@example.org": ["b@example.org"] }, "Moved": { "a@example.org": "new@elsewhere.example" } """, "The address is an alias too")]
    [InlineData("""  "Aliases": { "a@example.org": ["b@example.org"], "b@example.org": "a@example.org" } """, "Aliases:a@example.org = […]: The alias leads back to itself")]
    [InlineData("""  "Smtp": { "Port": 587 } """, "Submission:Port")]
    [InlineData("""  "Smtp": { "Addresses": ["everywhere"] } """, "Smtp:Addresses[0] = everywhere: This must be an IP address")]
    [InlineData("""  "Web": { "Port": "off" } """, "Web:Port = off: The web cannot be off")]
    [InlineData("""  "Web": { "Https": false } """, "Web:Https = false: Passwords would cross the network in clear")]
    [InlineData("""  "Tls": { "CertificateFile": "/no/such.pem", "KeyFile": "/no/such.key" } """, "Tls:CertificateFile = /no/such.pem: There is no such file")]
    [InlineData("""  "Tls": { "KeyFile": "/no/such.key" } """, "A certificate needs its key")]
    [InlineData("""  "Smtp": { "Addresses": ["unix:smtp.sock"] } """, "Smtp:Addresses[0] = unix:smtp.sock: This must be an IP address, \"loopback\", \"any\" or a Unix socket")]
    [InlineData("""  "Smtp": { "Addresses": ["unix:/run/a.sock"] }, "Submission": { "Addresses": ["unix:/run/a.sock"] } """, "Smtp:Addresses has the socket /run/a.sock too")]
    [InlineData("""  "Web": { "Addresses": ["unix:/run/a.sock"] } """, "The web listens on IP addresses only")]
    [InlineData("""  "Smtp": { "SocketMode": "0888" } """, "This must be a file mode in octal")]
    [InlineData("""  "Smtp": { "SocketMode": "7777" } """, "This must be a file mode in octal")]
    [InlineData("""  "Smtp": { "Proxy": true } """, "Whoever connects could claim any address")]
    [InlineData("""  "Smtp": { "ProxyFrom": ["10.0.0.0/8"] } """, "Without Proxy nobody sends a PROXY header")]
    [InlineData("""  "Smtp": { "Proxy": true, "ProxyFrom": ["10.0.0.0/33"] } """, "This must be an IP address or a network")]
    [InlineData("""  "Tls": { "Certificates": [{ "CertificateFile": "/no/such.pem", "KeyFile": "/no/such.key" }] } """, "Tls:Certificates[0]:CertificateFile = /no/such.pem: There is no such file")]
    [InlineData("""  "Tls": { "Certificates": [{}] } """, "Tls:Certificates[0]:CertificateFile: A certificate needs its key")]
    [InlineData("""  "Tls": { "Certificates": [{ "KeyFil": "/no/such.key" }] } """, "Tls:Certificates[0]:KeyFil = /no/such.key: There is no such setting. Did you mean Tls:Certificates[0]:KeyFile?")]
    [InlineData("""  "Tls": { "Certificates": ["/no/such.pem"] } """, "This must be a list of objects")]
    [InlineData("""  "Connections": { "Max": 500 } """, "Connections:Max = 500: It is not above Mta:MaxSessions (1000)")]
    [InlineData("""  "Log": { "Levels": { "MailSuite.Mta": "Loud" } } """, "Log:Levels:MailSuite.Mta = Loud: This must be one of Trace")]
    [InlineData("""  "Log": { "Format": "2" } """, "Log:Format = 2: This must be one of Human, Json")]
    [InlineData("""  "Development": { "InContainer": true } """, "It is for the development profile only")]
    [InlineData("""  "Mua": { "MaxMessageOctets": "51 MiB" } """, "Mua:MaxMessageOctets = 51 MiB: This must be a size from 64 KiB to 50 MiB")]
    [InlineData("""  "Mta": { "MaxErrors": 1, "MaxErrors": 2 } """, "It stands twice")]
    [InlineData("""  "PortOffset": 50000, "Smtp": { "Port": 60000 } """, "Port 60000 moved by 50000 is 110000")]
    public void Refuses(string members, string expected) => Assert.Contains(MistakesOf(With(members)), mistake => mistake.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("", "mailsuite.json:1: This is not JSON")]
    [InlineData("{ \"HostName\": \"a.example\"\n \"Domains\": [] }", "mailsuite.json:2: This is not JSON")]
    [InlineData("[]", "The file does not begin with an object")]
    [InlineData("{} {}", "This is not JSON")]
    public void Says_where_a_file_is_no_JSON(string json, string expected) => Assert.Contains(MistakesOf(json), mistake => mistake.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Says_that_there_is_no_such_file()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => new ConfigurationSources { Profile = Profile.Server, File = "/no/such/mailsuite.json", Environment = Variables() }.Read());
        Assert.Contains("There is no such file. Give the path", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_variable_with_a_wrong_name_or_value()
    {
        var mistakes = MistakesOf(Least, Profile.Server, ("MAILSUITE_Smtp__Prot", "25"), ("MAILSUITE_Mta__MaxErrors", "none"), ("MAILSUITE_PORT_OFFSET", "x"));
        Assert.Contains("environment variable MAILSUITE_Smtp__Prot: Smtp:Prot = 25: There is no such setting. Did you mean Smtp:Port?", mistakes);
        Assert.Contains(mistakes, mistake => mistake.StartsWith("environment variable MAILSUITE_Mta__MaxErrors: Mta:MaxErrors = none: This must be", StringComparison.Ordinal));
        Assert.Contains(mistakes, mistake => mistake.StartsWith("environment variable MAILSUITE_PORT_OFFSET: PortOffset = x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("any")]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    [InlineData("::")]
    public void Keeps_the_development_profile_on_loopback(string address)
    {
        var mistakes = MistakesOf($$"""{ "Smtp": { "Addresses": ["127.0.0.1", "{{address}}"] } }""", Profile.Development);
        Assert.Contains(mistakes, mistake => mistake.Contains("it listens on loopback only", StringComparison.Ordinal));
    }

    [Fact]
    public void Opens_the_development_profile_outside_of_loopback_in_a_container_only() =>
        Assert.Contains(MistakesOf("""{ "Development": { "InContainer": true } }""", Profile.Development), mistake => mistake.Contains("This process runs in no container", StringComparison.Ordinal));

    [Fact]
    public void Lets_nothing_leave_in_the_development_profile()
    {
        var settings = Read("{}", Profile.Development);
        Assert.False(settings.Mta.RelayEnabled);
        Assert.True(settings.Mda.EveryoneIsLocal);
        Assert.True(settings.Mta.AuthenticateOnMx);
        Assert.True(settings.Mua.AnyPassword);
        Assert.All(settings.Endpoints.SelectMany(endpoint => endpoint.Addresses), address => Assert.True(address.IsLoopback));
        Assert.Equal([1025, 1143, 1110, 8025], settings.Endpoints.Select(endpoint => endpoint.Port));
    }

    [Fact]
    public void Serves_LMTP_when_told_to_and_on_loopback()
    {
        var lmtp = Assert.Single(Read(With("""  "Lmtp": { "Port": 24 } """)).Endpoints, endpoint => endpoint.Kind == EndpointKind.Lmtp);
        Assert.Equal(24, lmtp.Port);
        Assert.All(lmtp.Addresses, address => Assert.True(address.IsLoopback));
        Assert.DoesNotContain(Read(Least).Endpoints, endpoint => endpoint.Kind == EndpointKind.Lmtp);
    }

    /// <summary>RFC 2033 §5.</summary>
    [Theory]
    [InlineData("""  "Smtp": { "Port": "off" }, "Lmtp": { "Port": 25 } """)]
    [InlineData("""  "Smtp": { "Port": "off" }, "Lmtp": { "Port": 24 }, "PortOffset": 1 """)]
    public void Never_serves_LMTP_on_port_25(string members) =>
        Assert.Contains(MistakesOf(With(members)), mistake => mistake.Contains("LMTP must not be served on port 25", StringComparison.Ordinal));

    [Fact]
    public void Moves_every_port_but_0()
    {
        var settings = Read("""{ "PortOffset": 1000, "Web": { "Port": 0 } }""", Profile.Development);
        Assert.Equal([2025, 2143, 2110, 0], settings.Endpoints.Select(endpoint => endpoint.Port));
    }

    [Fact]
    public void Gives_programs_side_by_side_data_of_their_own()
    {
        var first = Read("{}", Profile.Development).DataDirectory;
        var second = Read("""{ "PortOffset": 1000 }""", Profile.Development).DataDirectory;
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Never_throws_anything_but_its_mistakes() =>
        Gen.OneOf(Gen.String, Gen.Int[0, Tokens.Length - 1].Select(token => Tokens[token]).Array[0, 30].Select(string.Concat)).Sample(text =>
        {
            var mistakes = new List<ConfigurationMistake>();
            var root = ConfigurationFile.Parse("x", System.Text.Encoding.UTF8.GetBytes(text), mistakes);
            var reader = new SettingsReader(root, mistakes);
            SettingsSchema.Read(reader, Profile.Server);
            reader.RefuseUnknownKeys();
        });

    [Fact]
    public void Refuses_a_file_that_is_far_too_large()
    {
        using var directory = new TempDirectory();
        var file = directory.File("mailsuite.json");
        File.WriteAllBytes(file, new byte[ConfigurationFile.MaxOctets + 1]);
        var refusal = Assert.Throws<ConfigurationException>(() => new ConfigurationSources { Profile = Profile.Server, File = file, Environment = Variables() }.Read());
        Assert.Contains("more than 1048576", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_of_a_socket_has_103_octets_and_not_104()
    {
        static string Smtp(int octets) => With($$"""  "Smtp": { "Addresses": ["unix:/{{new string('s', octets - 1)}}"] } """);
        Assert.Equal("/" + new string('s', 102), Read(Smtp(103)).Endpoints[0].Addresses[0].SocketPath);
        Assert.StartsWith("mailsuite.json:3: Smtp:Addresses[0] = unix:", MistakesOf(Smtp(104))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 d", 4, "+")]
    [InlineData("512 d", 32, "-")]
    public void Reads_how_senders_are_rewritten(string age, int characters, string separator)
    {
        var forwarding = Read(With($$"""  "Forwarding": { "SrsMaxAge": "{{age}}", "SrsHashCharacters": {{characters}}, "SrsSeparator": "{{separator}}", "SrsKeyFile": "/keys" } """)).Mta.Forwarding;
        Assert.Equal((age, characters, separator[0], "/keys", "example.org", true),
            ($"{forwarding.SrsMaxAge.TotalDays} d", forwarding.SrsHashCharacters, forwarding.SrsSeparator, forwarding.SrsKeyFile, forwarding.SrsDomain!.Ascii, forwarding.RewriteSenders));
    }
}
