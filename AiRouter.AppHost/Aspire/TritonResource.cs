namespace AiRouter.AppHost.Aspire;

/// <summary>The resource <c>triton</c>, whatever backs it. Who depends on it does not see the difference.</summary>
/// <param name="Backing">What Aspire shows and watches.</param>
/// <param name="Grpc">Its gRPC endpoint; null for a Triton that runs elsewhere, whose address the configuration has.</param>
internal sealed record TritonResource(IResourceBuilder<IResource> Backing, EndpointReference? Grpc);
