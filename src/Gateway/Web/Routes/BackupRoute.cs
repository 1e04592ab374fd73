using Gateway.Backup;
using Gateway.Storage;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>An archive of this gateway, while it goes on.</summary>
internal static class BackupRoute
{
    public const string Path = "/v1/backup";

    public static ControlRoute Create(Func<GatewayConfiguration> configuration, OutboxAdministration journal, TimeProvider time) => new(
        HttpMethods.Get,
        Path,
        ControlAccess.Operators,
        async exchange =>
        {
            using var source = await BackupSource.TakeAsync(configuration(), journal).ConfigureAwait(false);
            await exchange.AnswerAsync(source.Bytes, body => BackupWriter.WriteAsync(body, source, time.GetUtcNow(), exchange.Cancellation)).ConfigureAwait(false);
        });
}
