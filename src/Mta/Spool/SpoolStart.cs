using Microsoft.Extensions.Hosting;

namespace MailSuite.Mta.Spool;

/// <summary>Opens the spool when the program starts; it is closed with the container, after every session has ended.</summary>
internal sealed class SpoolStart(SpoolStore spool) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => spool.OpenAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
