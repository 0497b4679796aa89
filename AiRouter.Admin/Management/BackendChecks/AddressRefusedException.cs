namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>A host leads to an address that nothing is sent to (R6).</summary>
/// <param name="message">Which, and why.</param>
internal sealed class AddressRefusedException(string message) : IOException(message);
