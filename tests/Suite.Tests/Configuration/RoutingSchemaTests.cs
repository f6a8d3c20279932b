using System.Net;
using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class RoutingSchemaTests
{
    [Fact]
    public void Reads_a_smarthost_with_its_password()
    {
        var smarthost = Routing(""" "Smarthost": { "Hosts": ["smtp.provider.example"], "UserName": "ann", "Password": "secret" } """).Smarthost!;

        Assert.Equal("smtp.provider.example", Assert.Single(smarthost.Hosts).ToString());
        Assert.Equal(("ann", "secret", TlsPolicy.Verify, 587), (smarthost.Credentials!.UserName, smarthost.Credentials.Password, smarthost.Tls, smarthost.Port));
        Assert.DoesNotContain("secret", smarthost.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_a_smarthost_from_the_environment()
    {
        var smarthost = Read(Least, Profile.Server, ("MAILSUITE_Relay__Smarthost__Hosts", "127.0.0.1:2525,smtp.example"), ("MAILSUITE_Relay__Smarthost__Tls", "None")).Mta.Relay.Routing.Smarthost!;

        Assert.Equal(["[127.0.0.1]:2525", "smtp.example"], smarthost.Hosts.Select(host => host.ToString()));
        Assert.Equal((TlsPolicy.None, 25), (smarthost.Tls, smarthost.Port));
    }

    [Fact]
    public void Reads_the_password_from_a_file()
    {
        using var directory = new TempDirectory();
        var file = directory.File("password");
        File.WriteAllText(file, "from a file\nand no more\n");

        Assert.Equal("from a file", Routing($$""" "Smarthost": { "Hosts": ["smtp.example"], "UserName": "ann", "PasswordFile": "{{file.Replace("\\", "\\\\", StringComparison.Ordinal)}}" } """).Smarthost!.Credentials!.Password);
    }

    [Fact]
    public void Reads_transports_and_the_rules_for_them()
    {
        var routing = Routing("""
            "Transports": {
              "Inside": { "Hosts": ["mail.inside.example:2525", "[192.0.2.1]"], "UseMx": true, "ImplicitTls": true, "Tls": "Encrypt", "SourceAddresses": ["192.0.2.9"], "MaxConcurrency": 7 },
              "cyrus": { "Hosts": ["/run/cyrus/lmtp.sock"], "Protocol": "Lmtp" }
            },
            "Routes": [
              { "To": ["inside.example", ".inside.example"], "From": ["<>"], "Via": "inside" },
              { "From": ["ann@example.org"], "Via": "MX", "Fallback": "cyrus", "FallbackAfter": 100 }
            ],
            "Fallback": "inside", "FallbackAfter": 1
            """);
        Assert.Equal(("inside", 1, "cyrus", 100), (routing.Fallback, routing.FallbackAfter, routing.Routes[1].Fallback, routing.Routes[1].FallbackAfter));

        var inside = routing.Transports["inside"];
        Assert.Equal((2, true, true, TlsPolicy.Encrypt, 7, 465), (inside.Hosts.Count, inside.UseMx, inside.ImplicitTls, inside.Tls, inside.MaxConcurrency, inside.Port));
        Assert.Equal([IPAddress.Parse("192.0.2.9")], inside.SourceAddresses);
        Assert.Equal(("/run/cyrus/lmtp.sock", RelayProtocol.Lmtp, 24), (routing.Transports["cyrus"].UnixSocket, routing.Transports["cyrus"].Protocol, routing.Transports["cyrus"].Port));
        Assert.Equal(["inside", null], routing.Routes.Select(rule => rule.Via));
        Assert.Equal([AddressPatternKind.Domain, AddressPatternKind.SubDomains], routing.Routes[0].To.Select(pattern => pattern.Kind));
    }

    [Theory]
    [InlineData(""" "Smarthost": "smtp.example" """, "Relay:Smarthost: This must be an object")]
    [InlineData(""" "Smarthost": { } """, "There is no host to send to")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example:0"] } """, "Relay:Smarthost:Hosts[0] = smtp.example:0: This must be a host, [an address]")]
    [InlineData(""" "Smarthost": { "Hosts": ["/run/a.sock", "smtp.example"] } """, "A Unix socket stands alone")]
    [InlineData(""" "Smarthost": { "Hosts": ["[192.0.2.1]"], "UseMx": true } """, "Addresses and sockets have no MX")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "UserName": "ann" } """, "A name needs its password")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "Password": "hidden" } """, "A password needs a name")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "UserName": "ann", "Password": "hidden", "PasswordFile": "/nowhere/hidden" } """, "stands in Password too")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "UserName": "ann", "PasswordFile": "/nowhere/there" } """, "Relay:Smarthost:PasswordFile = /nowhere/there: There is no such file")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "UserName": "ann", "Password": "hidden", "Tls": "Opportunistic" } """, "could cross the network in clear")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "ImplicitTls": true, "Tls": "None" } """, "With ImplicitTls there is TLS")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "UserName": "ann", "Password": ["hidden"] } """, "Relay:Smarthost:Password: This must be a text")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "Pasword": "hidden" } """, "Relay:Smarthost:Pasword: There is no such setting. Did you mean Relay:Smarthost:Password?")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"], "MaxConcurrency": 1001 } """, "This must be a whole number from 0 to 1000")]
    [InlineData(""" "Transports": { "a b": { "Hosts": ["smtp.example"] } } """, "letters, digits, - and _ only")]
    [InlineData(""" "Transports": { "MX": { "Hosts": ["smtp.example"] } } """, "Give it another name")]
    [InlineData(""" "Transports": { "one": { "Hosts": ["smtp.example"], "Port": 25 } } """, "Relay:Transports:one:Port: There is no such setting")]
    [InlineData(""" "Transports": { "one": "smtp.example" } """, "This must be an object")]
    [InlineData(""" "Routes": [{ "To": ["*"], "Via": "nowhere" }] """, "Relay:Routes[0]:Via = nowhere: There is no such transport. There are mx")]
    [InlineData(""" "Routes": [{ "To": ["*"], "Via": "smarthost" }] """, "There is no such transport")]
    [InlineData(""" "Fallback": "mx" """, "Relay:Fallback = mx: There is no such transport. Make one in Relay:Transports")]
    [InlineData(""" "FallbackAfter": 0 """, "This must be a whole number from 1 to 100")]
    [InlineData(""" "FallbackAfter": 101 """, "This must be a whole number from 1 to 100")]
    [InlineData(""" "Smarthost": { "Hosts": ["smtp.example"] }, "Routes": [{ "To": ["*"], "Via": "smarthost", "Fallback": "Smarthost" }] """, "Its mail goes there already")]
    [InlineData(""" "Routes": [{ "To": ["*"] }] """, "does not say where its mail goes")]
    [InlineData(""" "Routes": [{ "Via": "mx" }] """, "does not say which mail it is about")]
    [InlineData(""" "Routes": [{ "To": ["<>"], "Via": "mx" }] """, "No mail goes to <>")]
    [InlineData(""" "Routes": [{ "To": ["*.example"], "Via": "mx" }] """, "Relay:Routes[0]:To[0] = *.example: This must be a domain, .domain")]
    public void Tells_what_is_wrong_and_never_a_password(string relay, string problem)
    {
        var told = string.Join('\n', MistakesOf(With($$""" "Relay": { {{relay}} } """)));
        Assert.Contains(problem, told, StringComparison.Ordinal);
        Assert.DoesNotContain("= hidden", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:2525")]
    [InlineData("/run/smtp.sock")]
    public void Lets_a_password_go_in_clear_where_nothing_leaves_the_machine(string host) =>
        Assert.Equal(TlsPolicy.Opportunistic, Routing($$""" "Smarthost": { "Hosts": ["{{host}}"], "UserName": "ann", "Password": "x" } """).Smarthost!.Tls);

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Takes_32_hosts(int count, bool good) =>
        IsGood(good, $$""" "Smarthost": { "Hosts": [{{List(count, i => $"\"h{i}.example\"")}}] } """);

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Takes_a_thousand_rules_and_a_thousand_transports(int count, bool good)
    {
        IsGood(good, $$""" "Routes": [{{List(count, i => $$"""{ "To": ["d{{i}}.example"], "Via": "mx" }""")}}] """);
        IsGood(good, $$""" "Transports": { {{List(count, i => $$""" "t{{i}}": { "Hosts": ["smtp.example"] } """)}} } """);
    }

    [Theory]
    [InlineData(""" "DnsRetries": 0, "DnsCacheEntries": 0 """, true)]
    [InlineData(""" "DnsRetries": 10, "DnsCacheEntries": 1000000 """, true)]
    [InlineData(""" "DnsRetries": 11 """, false)]
    [InlineData(""" "DnsCacheEntries": 1000001 """, false)]
    public void Has_bounds_for_the_DNS(string relay, bool good) => IsGood(good, relay);

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Takes_names_of_64_letters(int length, bool good) => IsGood(good, $$""" "Transports": { "{{new string('a', length)}}": { "Hosts": ["smtp.example"] } } """);

    [Fact]
    public void Reads_domains_for_which_we_are_a_second_MX()
    {
        using var directory = new TempDirectory();
        var file = directory.File("recipients");
        File.WriteAllText(file, "ann\n");
        var routing = Routing($$"""
            "BackupDomains": { "Friend.example": {}, "customer.example": { "Recipients": ["ann@customer.example"] }, "large.example": { "RecipientsFile": "{{file.Replace("\\", "\\\\", StringComparison.Ordinal)}}" } },
            "BackupAskTimeout": "2 min"
            """);

        Assert.Equal(TimeSpan.FromMinutes(2), routing.BackupAskTimeout);
        Assert.Null(routing.BackupDomains[Domain.Parse("friend.example")].Recipients);
        Assert.Single(routing.BackupDomains[Domain.Parse("customer.example")].Recipients!);
        Assert.Equal(file, routing.BackupDomains[Domain.Parse("large.example")].RecipientsFile);
    }

    [Theory]
    [InlineData(""" "BackupDomains": { "example.org": {} } """, "The mailboxes of this domain are here")]
    [InlineData(""" "BackupDomains": { "not a domain": {} } """, "This must be a domain name")]
    [InlineData(""" "BackupDomains": { "[192.0.2.1]": {} } """, "This must be a domain name")]
    [InlineData(""" "BackupDomains": { "friend.example": true } """, "This must be an object")]
    [InlineData(""" "BackupDomains": { "friend.example": { "Recipients": [] } } """, "Nobody would get mail")]
    [InlineData(""" "BackupDomains": { "friend.example": { "Recipients": ["ann@other.example"] } } """, "ann@other.example is not at friend.example")]
    [InlineData(""" "BackupDomains": { "friend.example": { "RecipientsFile": "/nowhere/there" } } """, "There is no such file")]
    [InlineData(""" "BackupDomains": { "friend.example": { "Primary": "mx" } } """, "There is no such setting")]
    [InlineData(""" "BackupDomains": { "bücher.example": {}, "xn--bcher-kva.example": {} } """, "stands twice")]
    [InlineData(""" "BackupAskTimeout": "121 s" """, "This must be a time from 1 s to 2 min")]
    [InlineData(""" "BackupAskTimeout": "999 ms" """, "This must be a time from 1 s to 2 min")]
    public void Tells_what_is_wrong_with_domains_of_others(string relay, string problem) =>
        Assert.Contains(problem, string.Join('\n', MistakesOf(With($$""" "Relay": { {{relay}} } """))), StringComparison.Ordinal);

    [Fact]
    public void Wants_a_list_where_the_host_comes_for_its_mail() =>
        Assert.Contains("cannot be asked", string.Join('\n', MistakesOf(With(""" "Mta": { "TurnDomains": { "friend.example": ["ann@example.org"] } }, "Relay": { "BackupDomains": { "friend.example": {} } } """))), StringComparison.Ordinal);

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Takes_ten_thousand_recipients_of_a_domain(int count, bool good) =>
        IsGood(good, $$""" "BackupDomains": { "friend.example": { "Recipients": [{{List(count, i => $"\"a{i}@friend.example\"")}}] } } """);

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Takes_a_thousand_domains_of_others(int count, bool good) => IsGood(good, $$""" "BackupDomains": { {{List(count, i => $"\"d{i}.example\": {{}}")}} } """);

    private static string List(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));

    private static RoutingOptions Routing(string relay) => Read(With($$""" "Relay": { {{relay}} } """)).Mta.Relay.Routing;

    private static void IsGood(bool good, string relay)
    {
        if (good)
            Routing(relay);
        else
            Assert.NotEmpty(MistakesOf(With($$""" "Relay": { {{relay}} } """)));
    }
}
