using System.Xml.Linq;
using AiRouter.Core.Administration;
using AiRouter.Core.Configuration.Secrets;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>
/// Keeps the keys that protect cookies and forms in the store, so that restarts and other processes of Admin know them. They are
/// encrypted under <c>AIROUTER_ENCRYPTION_KEY</c> where there is one: whoever reads the store could otherwise make himself a session.
/// </summary>
internal sealed partial class SessionKeyRing(SessionStore store, AdminOptions options, ILogger<SessionKeyRing> logger)
    : IXmlRepository, IConfigureOptions<KeyManagementOptions>
{
    // Never a backend's: those have names.
    private static readonly SecretPlace Place = new("", "session-keys", []);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public void Configure(KeyManagementOptions management)
    {
        management.XmlRepository = this;

        // What is encrypted is the whole text, here; without this a warning would say that nothing is.
        management.XmlEncryptor = new NullXmlEncryptor();
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        List<XElement> elements = [];
        foreach (var text in Wait(store.KeysAsync))
        {
            if (Read(text) is { } element)
            {
                elements.Add(element);
            }
        }

        return elements;
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        var text = element.ToString(SaveOptions.DisableFormatting);
        if (options.EncryptionKeys is { } keys)
        {
            text = keys.Encrypt(text, Place);
        }
        else
        {
            LogPlain(EncryptionKeys.Variable);
        }

        Wait(async cancellationToken =>
        {
            await store.AddKeyAsync(text, cancellationToken);
            return true;
        });
    }

    private XElement? Read(string text)
    {
        if (text.StartsWith('<'))
        {
            return XElement.Parse(text);
        }

        if (options.EncryptionKeys is not { } keys)
        {
            LogUnreadable($"is encrypted, and {EncryptionKeys.Variable} is not set");
            return null;
        }

        var (secret, problem) = keys.Decrypt(text, Place);
        if (secret is null)
        {
            LogUnreadable(problem!);
            return null;
        }

        return XElement.Parse(secret);
    }

    // The interface knows no tasks. It is called at the start and once a day, and never on a circuit's own thread.
    private static T Wait<T>(Func<CancellationToken, ValueTask<T>> call) => Task.Run(async () =>
    {
        using var deadline = new CancellationTokenSource(Deadline);
        return await call(deadline.Token);
    }).GetAwaiter().GetResult();

    [LoggerMessage(3204, LogLevel.Warning,
        "The keys of people's sessions lie in the store as they are: whoever reads the store can sign in. Set {Variable}")]
    private partial void LogPlain(string variable);

    [LoggerMessage(3205, LogLevel.Warning, "A key of people's sessions in the store {Problem}: sessions under it have ended")]
    private partial void LogUnreadable(string problem);
}
