using MailSuite.Host.Configuration;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

/// <summary>The example explains every setting and tells the true defaults.</summary>
public sealed class ExampleFileTests
{
    private static readonly string Example = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "mailsuite.example.json"));

    [Fact]
    public void Is_a_good_configuration()
    {
        var settings = Read(Example);
        Assert.Equal("mail.example.org", settings.HostName.Ascii);
        Assert.Equal(3, settings.Mda.Aliases.Count);
        Assert.Single(settings.Mda.Moved);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Explains_every_setting(bool server)
    {
        var profile = server ? Profile.Server : Profile.Development;
        var reader = new SettingsReader(new SettingNode("", "nothing", SettingKind.Object, "{…}"), []);
        SettingsSchema.Read(reader, profile);
        Assert.All(reader.KnownKeys, key => Assert.Contains($"\"{key.Split(':')[^1]}\":", Example, StringComparison.Ordinal));
    }

    [Fact]
    public void Tells_the_true_defaults()
    {
        var (said, unsaid) = (Read(Example), Read(Least));
        Assert.Equal(Values(unsaid.Mta), Values(said.Mta));
        Assert.Equal(Values(unsaid.Mta.Strictness), Values(said.Mta.Strictness));
        Assert.Equal(unsaid.Mta.Strictness.TrustedNetworks, said.Mta.Strictness.TrustedNetworks);
        Assert.Equal(unsaid.Mta.Strictness.AddressRates, said.Mta.Strictness.AddressRates);
        Assert.Equal(unsaid.Mta.Strictness.NetworkRates, said.Mta.Strictness.NetworkRates);
        Assert.Equal(unsaid.Mta.Strictness.Greylisting, said.Mta.Strictness.Greylisting);
        Assert.Equal(unsaid.Mta.Strictness.DnsLists, said.Mta.Strictness.DnsLists);
        Assert.Equal(Values(unsaid.Mta.Relay), Values(said.Mta.Relay));
        Assert.Equal(Values(unsaid.Mta.Relay.Connections), Values(said.Mta.Relay.Connections));
        Assert.Equal(Values(unsaid.Mda), Values(said.Mda));
        Assert.Equal(Values(unsaid.Mda.Imap), Values(said.Mda.Imap));
        Assert.Equal(Values(unsaid.Mda.Pop3), Values(said.Mda.Pop3));
        Assert.Equal(Values(unsaid.Mua), Values(said.Mua));
        Assert.Equal(Values(unsaid.Web), Values(said.Web));
        Assert.Equal(unsaid.Connections, said.Connections);
        Assert.Equal(Values(unsaid.Metrics), Values(said.Metrics));
        Assert.Equal(unsaid.Metrics.ScrapeFrom, said.Metrics.ScrapeFrom);
        Assert.Equal(unsaid.Tls.Certificates, said.Tls.Certificates);
        Assert.Equal(unsaid.Tls.ReloadInterval, said.Tls.ReloadInterval);
        Assert.Equal(unsaid.ShutdownTimeout, said.ShutdownTimeout);
        Assert.Equal(unsaid.Mta.Relay.RetryDelays, said.Mta.Relay.RetryDelays);
        Assert.Equal(unsaid.Endpoints.Select(endpoint => (endpoint.Port, endpoint.Addresses[0])), said.Endpoints.Select(endpoint => (endpoint.Port, endpoint.Addresses[0])));
    }

    /// <summary>Numbers, times and switches by name; what is a list or different at each start is left out.</summary>
    private static IEnumerable<(string, object?)> Values(object options) =>
        from property in options.GetType().GetProperties()
        where property.PropertyType.IsValueType
        orderby property.Name
        select (property.Name, property.GetValue(options));
}
