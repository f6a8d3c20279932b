using Microsoft.Extensions.Hosting;

namespace MailSuite.Mda.Store;

/// <summary>Opens the store before the program takes traffic, so that a file it must not touch stops the start and not the first mail.</summary>
internal sealed class StoreOpening(MailStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => store.OpenAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
