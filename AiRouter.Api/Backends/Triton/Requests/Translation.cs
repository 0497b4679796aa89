using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What the translation of a request depends on besides its members.</summary>
internal sealed class Translation(Exchange exchange, TargetModel target)
{
    /// <summary>The request.</summary>
    public Exchange Exchange => exchange;

    /// <summary>Who answers.</summary>
    public TargetConfig Target => target.Config;

    /// <summary>The public model's settings.</summary>
    public ModelConfig Model => exchange.Model!.Model.Config;

    /// <summary>The server's settings.</summary>
    public ServerConfig Server => exchange.State.Server;

    /// <summary>The model's name at the backend; never shown to clients.</summary>
    public string BackendModel => target.Config.Model ?? exchange.Model!.Name;

    /// <summary>What the backend cannot do of the request.</summary>
    public UnsupportedList Unsupported { get; } = new(exchange.Model!.Model.Config.UnsupportedParameters, exchange.PublicName);
}
