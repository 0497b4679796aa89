using System.Security.Cryptography;
using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary>What the client library is told, made of what the operator said.</summary>
internal static class RedisConfiguration
{
    /// <summary>Reads the connection string.</summary>
    /// <exception cref="FormatException">It cannot be used; the message does not repeat it, because of the password in it.</exception>
    public static ConfigurationOptions For(RedisStoreOptions options)
    {
        var configuration = Parse(options.ConnectionString);
        configuration.ClientName = options.ClientName;

        // Nobody waits for a connection: what cannot be sent now fails now, and the connection is made again in the background.
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ConnectTimeout = 2000;
        configuration.ConnectRetry = 1;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);

        // Above every deadline of ours; 10 s without any answer is a dead connection, though TCP may take minutes to find out.
        configuration.AsyncTimeout = 10_000;
        configuration.KeepAlive = 5;
        configuration.ConfigCheckSeconds = 10;

        // The library would read and subscribe to names of its own, which an ACL user need not be allowed to.
        configuration.TieBreaker = string.Empty;
        configuration.ConfigurationChannel = string.Empty;
        configuration.IncludeDetailInExceptions = false;

        // For one question at the start (StoreSuitability).
        configuration.AllowAdmin = true;
        Trust(configuration, options.CertificateAuthorityFile);
        return configuration;
    }

    private static ConfigurationOptions Parse(string connectionString)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(connectionString);
            return configuration.EndPoints.Count > 0
                ? configuration
                : throw new FormatException("ConnectionStrings__redis names no address, such as redis-1:6379");
        }
        catch (ArgumentException)
        {
            throw new FormatException(
                "ConnectionStrings__redis has a part that is not understood; it is ADDRESS:PORT,password=…,user=…,ssl=true, and the "
                + "like, separated by commas, so that a password in it can have no comma");
        }
    }

    private static void Trust(ConfigurationOptions configuration, string? authorityFile)
    {
        if (authorityFile is null)
        {
            return;
        }

        try
        {
            configuration.TrustIssuer(authorityFile);
        }
        catch (Exception refused) when (refused is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException(
                $"AIROUTER_STORE_CA_FILE: {authorityFile} cannot be read as a certificate ({refused.Message})", refused);
        }
    }
}
