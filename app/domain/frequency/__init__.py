"""How often a customer may be touched: policies, windows, the ledger's entries, the decision and its words.

    classes      what each class of message obeys and counts toward
    windows      rolling spans and calendar buckets, as instants
    policy       a policy document, checked whole and compiled
    ledger       the touches of one customer, and what reserving, sending and releasing make of them
    counting     what a rule has used, and when it is free again
    standing     suppressions and consent
    decision     send, suppress or defer, with every reason
    explaining   the same in plain words
    simulation   a policy tried on a schedule that nobody sent

Instants inside are whole milliseconds since 1970 (`at_ms`): a decision compares hundreds of them.
"""
